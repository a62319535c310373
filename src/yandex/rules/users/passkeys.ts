import type { Call } from '../../../core/call.ts'
import {
  ALGORITHMS,
  type AssertionQuestion,
  type Attested,
  belongs,
  clientData,
  type Proof,
  type ProofQuestion,
  parsed,
} from '../../../directory/passkeys.ts'
import { tickets } from '../../../directory/tickets.ts'
import { passkeys, type User } from '../../records.ts'

/** What a browser was asked to make or to sign, by the challenge: each is good for one answer. */
const challenges = tickets<{ doing: 'create' | 'get'; rp: string }>('yandex.webauthn-challenge')

/** (?) For how long a browser is told to wait, and a challenge holds, in milliseconds. */
const LASTS = 180_000
const CHALLENGE_BYTES = 32

/** What the browser is asked to make: a second factor, so that it need not know its user by itself. */
export function creationOptions(call: Call, user: User, rp: string): string {
  const challenge = issueChallenge(call, user, { doing: 'create', rp })
  return JSON.stringify({
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    challenge,
    excludeCredentials: known(call, user, rp),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
    rp: { id: rp, name: rp },
    timeout: LASTS,
    user: { displayName: user.fullName, id: Buffer.from(user.id).toString('base64url'), name: user.username },
  })
}

/** What the browser is asked to sign. */
export function requestOptions(call: Call, user: User, rp: string): string {
  const challenge = issueChallenge(call, user, { doing: 'get', rp })
  return JSON.stringify({ challenge, timeout: LASTS, rpId: rp, allowCredentials: known(call, user, rp), userVerification: 'preferred' })
}

function known(call: Call, user: User, rp: string) {
  const all = passkeys.list(call, user.userpoolId, user.id).filter(({ doc }) => doc.rp === rp)
  return all.map(({ doc: { id, transports } }) => ({ id, type: 'public-key', transports }))
}

function issueChallenge(call: Call, user: User, doc: { doing: 'create' | 'get'; rp: string }): string {
  const challenge = call.random.bytes(CHALLENGE_BYTES).toString('base64url')
  challenges.issue(call, challenge, { pool: user.userpoolId, person: user.id, expires: call.now + LASTS, doc })
  return challenge
}

/** The question about an answer to one of our challenges; undefined if it is none, or one that was answered before. */
function questionOf(call: Call, user: User, doing: 'create' | 'get', text: string): ProofQuestion | undefined {
  const response = parsed(text)
  const data = clientData(response)
  const ticket = data === undefined ? undefined : challenges.find(call, data.challenge)
  if (data === undefined || ticket === undefined || ticket.expires <= call.now || ticket.used !== null) return undefined
  const { rp } = ticket.doc
  if (ticket.person !== user.id || ticket.doc.doing !== doing || !belongs(data.origin, rp)) return undefined
  challenges.use(call, ticket)
  return { response, challenge: data.challenge, origin: data.origin, rp, verified: false }
}

/** Files what an authenticator made; false if it made nothing that shows it. */
export function addPasskey(call: Call, user: User, text: string): boolean {
  const question = questionOf(call, user, 'create', text)
  if (question === undefined) return false
  const proof = call.ask<Proof<Attested>>('passkey.attestation', question)
  if ('refused' in proof) return false
  const { id, publicKey, counter } = proof.shown
  const { transports } = (question.response as { response: { transports?: unknown } }).response
  passkeys.put(call, user.userpoolId, user.id, { id, publicKey, counter, rp: question.rp, transports: texts(transports) }, id)
  return true
}

/** What a browser says of an authenticator is not signed. */
function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Whether somebody has shown that they have one of the user's passkeys. */
export function showsPasskey(call: Call, user: User, text: string): boolean {
  const question = questionOf(call, user, 'get', text)
  const { id } = (question?.response ?? {}) as { id?: unknown }
  const passkey = passkeys.get(call, user.userpoolId, user.id, String(id))
  if (question === undefined || passkey === undefined || passkey.rp !== question.rp) return false
  const { publicKey, counter } = passkey
  const asked: AssertionQuestion = { ...question, passkey: { id: passkey.id, publicKey, counter } }
  const proof = call.ask<Proof<{ counter: number }>>('passkey.assertion', asked)
  if ('refused' in proof) return false
  passkeys.put(call, user.userpoolId, user.id, { ...passkey, counter: proof.shown.counter }, passkey.id)
  return true
}
