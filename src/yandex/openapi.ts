import { camel, schemasOf } from '../contract/proto.ts'
import { type Describe, operationsOf, reference, toComponents } from '../http/openapi.ts'
import { contract, methods } from './contract/index.ts'

const STATUS = 'google.rpc.Status'

/** Completes the document from the contract: where each field of a request travels, answers, and what an Operation carries. */
export function describer(built: ReadonlySet<string>): Describe {
  return (document) => {
    const schemas = toComponents(schemasOf(contract))
    document.components ??= {}
    document.components.schemas = { [STATUS]: STATUS_SCHEMA, ...document.components.schemas, ...schemas }
    for (const operation of operationsOf(document, 'yandex')) {
      const method = methods.get(operation.operationId.replace(/\.(get|post)$/, ''))
      if (method === undefined || method.http === null) continue
      const { http, request, response, operation: long } = method
      const inPath = [...http.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
      const { properties = {}, required = [] } = schemas[request] as { properties?: Record<string, object>; required?: string[] }
      operation.summary = method.operationName
      operation.description = [
        `${method.service}.${method.name}.`,
        ...(long === null ? [] : [`Answers an Operation with metadata ${long.metadata} and response ${long.response}.`]),
        ...(built.has(method.operationName) ? [] : ['Not implemented yet: checked against the contract, then answered with 501.']),
      ].join(' ')
      operation['x-poolhouse-implemented'] = built.has(method.operationName)
      operation.parameters = inPath.map((name) => ({
        in: 'path',
        name,
        required: true,
        schema: properties[camel(name)] ?? { type: 'string' },
      }))
      const rest = Object.entries(properties).filter(([name]) => !inPath.map(camel).includes(name))
      if (http.body === null) {
        operation.parameters.push(
          ...rest.map(([name, schema]) => ({ in: 'query', name, required: required.includes(name) && http.verb === 'GET', schema })),
        )
      } else {
        const members = required.filter((name) => rest.some(([other]) => other === name))
        const schema = { type: 'object', properties: Object.fromEntries(rest), ...(members.length === 0 ? {} : { required: members }) }
        operation.requestBody = { required: true, content: json(inPath.length === 0 ? reference(request) : schema) }
      }
      operation.responses = {
        200: { description: 'Done', content: json(reference(response)) },
        default: { description: 'A google.rpc.Status: what was wrong, with details', content: json(reference(STATUS)) },
      }
    }
  }
}

const STATUS_SCHEMA = {
  type: 'object',
  properties: { code: { type: 'integer' }, message: { type: 'string' }, details: { type: 'array', items: { type: 'object' } } },
  required: ['code', 'message'],
}

function json(schema: object): object {
  return { 'application/json': { schema } }
}
