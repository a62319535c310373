import type { Operations } from '../contract/operation.ts'
import { type Describe, operationsOf } from '../http/openapi.ts'
import { FAILURES } from './call.ts'
import type { Declaration, HarmonyOperation } from './operation.ts'
import { type Choice, html, type Schema } from './schema.ts'

/** Beside Cognito's and Yandex's schemas, Harmony's have a prefix. */
const PREFIX = 'Harmony'
const ERROR = `${PREFIX}Error`
const BEARER = 'harmony'

/** Completes the document from the declarations, which are made from the documentation. */
export function describer(operations: Operations): Describe {
  return (document) => {
    const schemas: Record<string, object> = {
      [ERROR]: { type: 'object', properties: { error: { type: 'string' } }, required: ['error'], additionalProperties: false },
    }
    for (const operation of operationsOf(document, 'harmony')) {
      const { declaration } = operations.loaded(operation.operationId) as HarmonyOperation
      operation.parameters = [...(operation.parameters ?? []), ...parametersOf(declaration.query)]
      if (declaration.body !== undefined) {
        const schema = named(declaration.body.json, schemas)
        const types = ['application/json', 'application/x-www-form-urlencoded']
        // A body that may come as a query, or that nothing is required in, may be left out.
        const required = declaration.query === undefined
        operation.requestBody = { required, content: Object.fromEntries(types.map((type) => [type, { schema }])) }
      }
      if (declaration.open !== true) operation.security = [{}, { [BEARER]: [] }]
      if (declaration.own === true) operation['x-poolhouse-own'] = true
      operation.responses = responsesOf(declaration, schemas)
    }
    document.components ??= {}
    document.components.schemas = { ...document.components.schemas, ...schemas }
    document.components.securitySchemes = { ...document.components.securitySchemes, [BEARER]: { type: 'http', scheme: 'bearer' } }
  }
}

function responsesOf({ answers, errors }: Declaration, schemas: Record<string, object>): Record<string, object> {
  const done = Object.entries(answers).map(([status, answer]) => {
    const type = answer === html ? 'text/html' : 'application/json'
    const schema = answer === html ? { type: 'string' } : answer && named(answer.json, schemas)
    return [status, { description: 'Done', ...(answer === null ? {} : { content: { [type]: { schema } } }) }]
  })
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${ERROR}` } } }
  return Object.fromEntries([...done, ...errors.map((status) => [String(status), { description: FAILURES[status], content }])])
}

/** Of a choice, the parameters of all its branches; one is required if every branch requires it. */
function parametersOf(query: Schema<unknown> | undefined): object[] {
  if (query === undefined) return []
  if (!('branches' in query)) return parameters([query])
  const { by, branches } = query as Choice<unknown>
  const words = Object.keys(branches)
  return [
    { in: 'query', name: by, required: false, schema: { type: 'string', enum: words, default: words[0] } },
    ...parameters(Object.values(branches)),
  ]
}

function parameters(all: Schema<unknown>[]): object[] {
  const names = new Map(all.flatMap(({ members }) => Object.entries({ ...members?.required, ...members?.optional })))
  return [...names].map(([name, { json }]) => ({
    in: 'query',
    name,
    required: all.every(({ members }) => members !== undefined && name in members.required),
    schema: json,
  }))
}

/** What has a title is said once and pointed at. */
function named(schema: object, schemas: Record<string, object>): object {
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, within(part, schemas)]))
  const { title } = parts as { title?: unknown }
  if (typeof title !== 'string') return parts
  const name = PREFIX + title.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())
  schemas[name] = parts
  return { $ref: `#/components/schemas/${name}` }
}

function within(part: unknown, schemas: Record<string, object>): unknown {
  if (Array.isArray(part)) return part.map((item) => within(item, schemas))
  return typeof part === 'object' && part !== null ? named(part, schemas) : part
}
