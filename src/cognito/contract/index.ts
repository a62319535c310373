import { readFileSync } from 'node:fs'
import { type AwsContract, maskShape, schemasOf } from '../../contract/aws.ts'
import { type SchemaObject, Schemas } from '../../contract/schema.ts'
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

/** What an operation's request may hold. */
export function requestSchema(name: string): SchemaObject | undefined {
  const input = contract.operations[name]?.input ?? null
  return input === null ? undefined : requests.get(input)
}

/** Answers: no member that the shape does not list. */
export const answers = new Schemas(() => schemasOf({ ...contract, shapes: { ...contract.shapes, ...answerShapes } }), {
  dropUnknown: false,
})

/** Who called is what a journal is read for, so names are shown; what opens a door is not, though the contract marks it not. */
export const MARKS = {
  plain: new Set(['UsernameType', 'ClientIdType']),
  hidden: new Set(['ConfirmationCodeType', 'DeviceSecretVerifierConfigType']),
  secret: { ProviderDetailsType: ['client_secret', 'private_key'] } as Readonly<Record<string, readonly string[]>>,
}

/** Hides what the contract marks as sensitive, save names. */
export function mask(name: string, value: unknown, side: 'input' | 'output'): unknown {
  return maskShape(contract, contract.operations[name]?.[side] ?? null, value, MARKS)
}
