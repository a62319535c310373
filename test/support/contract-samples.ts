import { contract } from '../../src/cognito/contract/index.ts'
import { hashed } from '../../src/cognito/java-text.ts'
import { fullMatch, type Shape } from '../../src/contract/aws.ts'

/** Texts to choose from when a shape asks for a pattern: the first one that fits its limits is taken. */
const TEXTS = [
  'us-east-1_unknown00',
  'abcdefgh',
  '123456',
  'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_unknown00',
  'arn:aws:iam::000000000000:role/name',
  'https://example.com',
  'a@example.com',
  '01234567-89ab-4cde-8f01-23456789abcd',
  'us-east-1_01234567-89ab-4cde-8f01-23456789abcd',
  'import-abcdefghij',
  'auth.example.com',
  '/path',
  'abcdefghijklmnopqrstuvwxyz',
  'x'.repeat(40),
  'YWJj',
  'AAAAAAAAAA.BBBBBBBBBB.CCCCCCCCCC',
  'en',
  '#ffffff',
  'terms-of-use',
]

export function shapeOf(name: string | undefined): Shape {
  const shape = name === undefined ? undefined : contract.shapes[name]
  if (shape === undefined) throw new Error(`no shape ${name}`)
  return shape
}

export function matches(shape: Shape, text: string): boolean {
  return shape.pattern === undefined || new RegExp(fullMatch(shape.pattern), 'u').test(text)
}

/** A value that keeps every rule of the shape: only what is required, lists as short as allowed. */
export function sample(name: string): unknown {
  const shape = shapeOf(name)
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries((shape.required ?? []).map((member) => [member, sample(shape.members?.[member]?.shape ?? '')]))
    case 'list':
      return Array.from({ length: shape.min ?? 0 }, () => sample(shape.member ?? ''))
    case 'map':
    case 'document':
      return {}
    case 'boolean':
      return true
    case 'integer':
    case 'long':
      return Math.max(shape.min ?? 1, Math.min(1, shape.max ?? 1))
    case 'timestamp':
      return 1_767_323_045
    case 'blob':
      return 'YWJj'
    case 'string': {
      if (shape.enum !== undefined) return shape.enum[0]
      const fits = (text: string) =>
        text.length >= (shape.min ?? 0) && text.length <= (shape.max ?? Number.POSITIVE_INFINITY) && matches(shape, text)
      const text = TEXTS.find(fits)
      if (text === undefined) throw new Error(`no sample for ${name}: ${JSON.stringify(shape)}`)
      return text
    }
  }
}

/** The rules a text breaks, in the service's words and order. */
export function brokenRules(shape: Shape, text: string): string[] {
  const rules: string[] = []
  if (shape.max !== undefined && text.length > shape.max) rules.push(`Member must have length less than or equal to ${shape.max}`)
  if (shape.min !== undefined && text.length < shape.min) rules.push(`Member must have length greater than or equal to ${shape.min}`)
  if (!matches(shape, text)) rules.push(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  if (shape.enum !== undefined && !shape.enum.includes(text))
    rules.push(`Member must satisfy enum value set: [${hashed(shape.enum).join(', ')}]`)
  return rules
}
