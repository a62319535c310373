import { schemasOf } from '../contract/aws.ts'
import { type Describe, operationsOf, reference, toComponents } from '../http/openapi.ts'
import { extraErrors } from './contract/amendments.ts'
import { contract } from './contract/index.ts'
import { CONTENT_TYPE } from './wire.ts'

/** Completes the document from the contract: bodies, answers and the errors of each operation, under the contract's own names. */
export function describer(built: ReadonlySet<string>): Describe {
  return (document) => {
    document.components ??= {}
    document.components.schemas = { ...document.components.schemas, ...schemas(), [ERROR]: error([]) }
    for (const operation of operationsOf(document, 'cognito')) {
      const name = operation.operationId
      const { input, output, errors } = contract.operations[name] ?? { input: null, output: null, errors: [] }
      const all = [...new Set([...errors, ...(extraErrors[name] ?? [])])]
      operation.summary = name
      operation.description = built.has(name)
        ? `AWS clients call it as \`POST /\` with \`X-Amz-Target: ${contract.targetPrefix}.${name}\`.`
        : 'Not implemented yet: checked against the contract, then answered with 501.'
      operation['x-poolhouse-implemented'] = built.has(name)
      operation.requestBody = { required: true, content: body(input === null ? { type: 'object' } : reference(input)) }
      operation.responses = {
        200: { description: 'Done', ...(output === null ? {} : { content: body(reference(output)) }) },
        ...refusals(all),
        ...(built.has(name) ? {} : { 501: { description: 'NotImplementedException', content: body(reference(ERROR)) } }),
      }
    }
  }
}

const ERROR = 'CognitoError'
const INTERNAL = /^Internal/

/** Refusals come with 400, failures of the service with 500; `__type` tells which. */
function refusals(errors: readonly string[]): Record<string, object> {
  const refused = errors.filter((name) => !INTERNAL.test(name))
  const internal = errors.filter((name) => INTERNAL.test(name))
  return {
    400: { description: refused.join(', '), content: body(error(refused)) },
    ...(internal.length === 0 ? {} : { 500: { description: internal.join(', '), content: body(error(internal)) } }),
  }
}

function error(names: readonly string[]): object {
  return {
    type: 'object',
    properties: { __type: { type: 'string', ...(names.length === 0 ? {} : { enum: names }) }, message: { type: 'string' } },
    required: ['__type'],
  }
}

function body(schema: object): object {
  return { [CONTENT_TYPE]: { schema } }
}

/** The contract's shapes without its exceptions. */
function schemas(): Record<string, object> {
  return toComponents(schemasOf(contract).filter(({ $id }) => contract.shapes[$id ?? '']?.exception !== true))
}
