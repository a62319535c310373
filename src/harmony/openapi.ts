import type { Operations } from '../contract/operation.ts'
import { type Describe, operationsOf } from '../http/openapi.ts'
import type { HarmonyOperation } from './operation.ts'
import { FAILURES } from './operation.ts'
import { jsonOf } from './schema.ts'

const ERROR = { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] }

/** Completes the document from the declarations, which are made from the documentation. */
export function describer(operations: Operations): Describe {
  return (document) => {
    for (const operation of operationsOf(document, 'harmony')) {
      const { declaration } = operations.loaded(operation.operationId) as HarmonyOperation
      const query = declaration.query?.members ?? { required: {}, optional: {}, open: false }
      operation.parameters = [
        ...(operation.parameters ?? []),
        ...Object.entries({ ...query.required, ...query.optional }).map(([name, { json }]) => ({
          in: 'query',
          name,
          required: name in query.required,
          schema: json,
        })),
      ]
      if (declaration.body !== undefined) {
        const schema = declaration.body.members === undefined ? declaration.body.json : jsonOf(declaration.body.members)
        operation.requestBody = { required: true, content: content(schema, 'application/x-www-form-urlencoded') }
      }
      operation.responses = Object.fromEntries([
        ...Object.entries(declaration.answers).map(([status, answer]) => [
          status,
          { description: 'Done', ...(answer === null ? {} : { content: content(answer.json) }) },
        ]),
        ...declaration.errors.map((status) => [String(status), { description: FAILURES[status], content: content(ERROR) }]),
      ])
    }
  }
}

function content(schema: object, ...more: string[]): object {
  return Object.fromEntries(['application/json', ...more].map((type) => [type, { schema }]))
}
