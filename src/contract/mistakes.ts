import type { ErrorObject } from './schema.ts'

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
}

/** What schemas find wrong, where and in plain words; unknown members and words of a list are left to who knows the document. */
export function mistakesOf(errors: readonly ErrorObject[]): { path: string[]; message: string }[] {
  const told = errors
    .filter(({ keyword }) => !['additionalProperties', 'enum', 'oneOf', 'anyOf', 'const'].includes(keyword))
    .map((error) => ({ path: stepsOf(error.instancePath), message: worded(error) }))
  // One thing at a time of each place: what is empty matches no pattern either.
  return told.filter(
    (one, index) => told.findIndex((other) => other.path.join('/') === one.path.join('/')) === index || /^needs /.test(one.message),
  )
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function worded({ keyword, schema, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `needs ${params.missingProperty}`
    case 'type':
      return `must be ${[schema]
        .flat()
        .map((type) => TYPES[String(type)] ?? type)
        .join(' or ')}`
    case 'minLength':
    case 'maxLength':
      return `must have at ${keyword === 'minLength' ? 'least' : 'most'} ${schema} character${schema === 1 ? '' : 's'}`
    case 'minItems':
    case 'maxItems':
      return `must have at ${keyword === 'minItems' ? 'least' : 'most'} ${schema} item${schema === 1 ? '' : 's'}`
    case 'minimum':
    case 'maximum':
      return `must be at ${keyword === 'minimum' ? 'least' : 'most'} ${schema}`
    case 'pattern':
      return `must match ${String(schema).replace(/^\^\(\?:(.*)\)\$$/s, '$1')}`
    default:
      return String(message)
  }
}
