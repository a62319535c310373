import { readFileSync } from 'node:fs'
import { type AwsContract, maskShape, schemasOf } from '../../contract/aws.ts'
import { Schemas } from '../../contract/schema.ts'
import { amendedShapes, answerShapes } from './amendments.ts'
import type { Operations as Types } from './types.ts'

const facts = JSON.parse(readFileSync(new URL('contract.json', import.meta.url), 'utf8')) as AwsContract

/** The facts of `cognito-idp`: names, types, limits, errors; their sources and date are inside. */
export const contract: AwsContract = { ...facts, shapes: { ...facts.shapes, ...amendedShapes } }

export type Name = keyof Types
export type Input<N extends Name> = Types[N]['input']
export type Output<N extends Name> = Types[N]['output']
export type Errors<N extends Name> = Types[N]['errors']

/** Requests: members that no shape lists are dropped, as the service ignores them. */
export const requests = new Schemas(() => schemasOf(contract), { dropUnknown: true })

/** Answers: no member that the shape does not list. */
export const answers = new Schemas(() => schemasOf({ ...contract, shapes: { ...contract.shapes, ...answerShapes } }), {
  dropUnknown: false,
})

/** Sensitive to the contract, but no secret: who called is what a journal is read for. */
const PLAIN = new Set(['UsernameType', 'ClientIdType'])

/** Hides what the contract marks as sensitive, save names. */
export function mask(name: string, value: unknown, side: 'input' | 'output'): unknown {
  return maskShape(contract, contract.operations[name]?.[side] ?? null, value, PLAIN)
}
