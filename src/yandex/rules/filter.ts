import { invalid } from '../validation.ts'

/** One condition of a filter; all of them must hold. */
export interface Condition {
  field: string
  op: '=' | '!=' | 'IN' | 'NOT IN' | 'CONTAINS'
  values: string[]
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|[=(),])|([A-Za-z_][\w.]*))/y

type Token = { text: string; kind: 'value' | 'sign' | 'word' }

/**
 * `name="value"`, `id IN ('a', 'b') AND name contains 'c'`: one grammar for all lists, out of the two that are documented and an older
 * one (yandex-idp 7; that it serves everywhere is a guess). Fields by either of their names.
 */
export function conditionsOf(filter: string | undefined, fields: readonly string[]): Condition[] {
  if (filter === undefined || filter.trim() === '') return []
  const tokens = tokensOf(filter)
  const conditions: Condition[] = []
  for (;;) {
    conditions.push(condition(tokens, fields))
    const next = tokens.shift()
    if (next === undefined) return conditions
    if (!isWord(next, 'AND')) throw malformed(`expected AND, not ${next.text}`)
  }
}

export function holds(conditions: readonly Condition[], memberOf: (field: string) => string | undefined): boolean {
  return conditions.every(({ field, op, values }) => {
    const value = memberOf(field) ?? ''
    if (op === 'CONTAINS') return value.includes(values[0] as string)
    return values.includes(value) === (op === '=' || op === 'IN')
  })
}

function condition(tokens: Token[], fields: readonly string[]): Condition {
  const name = tokens.shift()
  if (name?.kind !== 'word') throw malformed('expected the name of a field')
  const field = fields.find((field) => field === name.text || snake(field) === name.text)
  if (field === undefined) throw malformed(`cannot filter by ${name.text}; fields are ${fields.map(snake).join(', ')}`)

  const sign = tokens.shift()
  if (sign?.text === '=' || sign?.text === '!=') return { field, op: sign.text, values: [value(tokens)] }
  if (isWord(sign, 'CONTAINS')) return { field, op: 'CONTAINS', values: [value(tokens)] }
  if (isWord(sign, 'IN')) return { field, op: 'IN', values: values(tokens) }
  if (isWord(sign, 'NOT') && isWord(tokens.shift(), 'IN')) return { field, op: 'NOT IN', values: values(tokens) }
  throw malformed(`expected =, !=, IN, NOT IN or contains after ${name.text}`)
}

function value(tokens: Token[]): string {
  const token = tokens.shift()
  if (token?.kind !== 'value') throw malformed('expected a quoted value')
  return token.text
}

function values(tokens: Token[]): string[] {
  if (tokens.shift()?.text !== '(') throw malformed('expected ( after IN')
  const all = [value(tokens)]
  for (;;) {
    const next = tokens.shift()?.text
    if (next === ')') return all
    if (next !== ',') throw malformed('expected , or ) in a list of values')
    all.push(value(tokens))
  }
}

function tokensOf(filter: string): Token[] {
  const tokens: Token[] = []
  const text = filter.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw malformed(`cannot read ${JSON.stringify(text.slice(at, at + 20))}`)
    const [, double, single, sign, word] = match
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ kind: 'value', text: quoted.replace(/\\(.)/g, '$1') })
    else tokens.push(sign === undefined ? { kind: 'word', text: word as string } : { kind: 'sign', text: sign })
  }
  return tokens
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function malformed(why: string): Error {
  return invalid([{ field: 'filter', description: `Invalid filter: ${why}` }])
}
