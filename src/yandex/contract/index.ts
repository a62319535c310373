import { readFileSync } from 'node:fs'
import { type Method, methodsOf, type ProtoContract, schemasOf } from '../../contract/proto.ts'
import { ProtoJson } from '../../contract/proto-json.ts'
import { Schemas } from '../../contract/schema.ts'
import { amended } from './amendments.ts'
import type { Operations as Types } from './types.ts'

/** The facts of the API: services, messages, constraints, REST paths; their source and date are inside. */
export const contract = amended(JSON.parse(readFileSync(new URL('contract.json', import.meta.url), 'utf8')) as ProtoContract)

/** By the names operations have here (contract/proto.ts says how they are made). */
export const methods: ReadonlyMap<string, Method> = methodsOf(contract)

export const json = new ProtoJson(contract)

/** Answers: no member that the message does not list. */
export const answers = new Schemas(() => schemasOf(contract), { dropUnknown: false })

export type Name = keyof Types
export type Input<N extends Name> = Types[N]['input']
/** What the caller gets. */
export type Output<N extends Name> = Types[N]['output']

export const OPERATION = 'yandex.cloud.operation.Operation'

export function methodOf(name: string): Method {
  return methods.get(name) ?? unknown(name)
}

function unknown(name: string): never {
  throw new Error(`the contract has no ${name}`)
}

/** The contract marks nothing as secret; these members are, under either of their names. */
const SECRET =
  /^(?:password|old_?password|generation_?proof|jwt|yandex_?passport_?oauth_?token|iam_?token|secret_?value|replication_?token)$/i

/** Hides passwords, hashes and tokens. */
export function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const hash = /^password_?hash$/i.test(key) && typeof item === 'string'
      return [key, hash || (SECRET.test(key) && typeof item !== 'object') ? '***' : mask(item)]
    }),
  )
}
