import { Taken } from '../../core/refusal.ts'
import { hashPassword } from '../../directory/passwords.ts'
import type { Filing } from '../../directory/people.ts'
import type { HarmonyCall } from '../call.ts'
import type { Auth0User } from '../definitions/answers.ts'
import type { PatchAuth0User, PostAuth0User } from '../definitions/user.ts'
import { AUTH0, type Auth0Record, auth0Passwords, auth0Users } from '../records.ts'
import { auth0View } from './auth0-view.ts'
import { issueLink } from './links.ts'

/** (?) The connection of a user that names none; of the two documented the one that districts manage. */
const DEFAULT_CONNECTION = 'district'

/** Keys that are not kept as they come: each means an act, or is the service's own word. */
const ACTS = new Set(['password', 'sendInvite', 'appMetadata', 'userMetadata'])
const READ_ONLY = ['id', 'provider', 'createdAt', 'updatedAt']
const OWN: ReadonlySet<string> = new Set([
  ...['email', 'emailVerified', 'blocked', 'connection', 'name', 'givenName', 'familyName'],
  ...['nickname', 'picture', 'username', 'clientId'],
])

export function create(call: HarmonyCall<400 | 409>, body: PostAuth0User): Auth0User {
  refuseReadOnly(call, body, { provider: 'auth0-user' })
  const { others, ...own } = split(body)
  if (body.password !== undefined) checkPassword(call, body.password)
  const at = new Date(call.now).toISOString()
  const user: Auth0Record = {
    id: call.identifier(() => `auth0|${call.random.text(24, '0123456789abcdef')}`),
    emailVerified: false,
    blocked: false,
    connection: DEFAULT_CONNECTION,
    name: `${body.givenName} ${body.familyName}`,
    ...(own as Pick<Auth0Record, 'email' | 'givenName' | 'familyName'>),
    appMetadata: body.appMetadata,
    userMetadata: body.userMetadata,
    others,
    createdAt: at,
    updatedAt: at,
  }
  file(call, user, (filing) => auth0Users.add(call, AUTH0, user.id, user, filing))
  keepPassword(call, user, body.password)
  if (body.sendInvite === true) invite(call, user)

  return auth0View(user)
}

export function update(call: HarmonyCall<400 | 404 | 409>, userId: string, body: PatchAuth0User): Auth0User {
  const before = requireUser(call, userId)
  refuseReadOnly(call, body, auth0View(before))
  const { others, ...own } = split(body)
  if (body.password !== undefined) checkPassword(call, body.password)
  const moved = body.email !== undefined && body.email !== before.email
  const user = {
    ...before,
    ...(moved ? { emailVerified: false } : {}),
    ...own,
    name: body.name === null ? `${before.givenName} ${before.familyName}` : (body.name ?? before.name),
    blocked: body.blocked === null ? false : (body.blocked ?? before.blocked),
    appMetadata: merged(before.appMetadata, body.appMetadata),
    userMetadata: merged(before.userMetadata, body.userMetadata),
    others: merged(before.others, others),
    updatedAt: new Date(call.now).toISOString(),
  } as Auth0Record
  const kept = Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null)) as unknown as Auth0Record
  file(call, kept, (filing) => auth0Users.save(call, AUTH0, kept.id, kept, filing))
  keepPassword(call, kept, body.password)
  if (body.sendInvite === true) invite(call, kept)

  return auth0View(kept)
}

export function remove(call: HarmonyCall<404>, userId: string): void {
  auth0Users.remove(call, AUTH0, requireUser(call, userId).id)
}

/** By id, then user name, then e-mail address without case. */
export function findUser(call: HarmonyCall, userId: string): Auth0Record | undefined {
  return auth0Users.get(call, AUTH0, userId) ?? auth0Users.find(call, AUTH0, userId.toLowerCase(), ['username', 'email'])
}

export function requireUser(call: HarmonyCall<404>, userId: string): Auth0Record {
  return findUser(call, userId) ?? call.refuse(404, `user ${userId} does not exist`)
}

/** Replaces the document where nothing that is filed changes. */
export function rewrite(call: HarmonyCall, user: Auth0Record): void {
  auth0Users.write(call, AUTH0, user.id, { ...user, updatedAt: new Date(call.now).toISOString() })
}

export function setPassword(call: HarmonyCall<400>, user: Auth0Record, password: string): void {
  checkPassword(call, password)
  keepPassword(call, user, password)
}

function keepPassword(call: HarmonyCall, user: Auth0Record, password: string | undefined): void {
  if (password !== undefined) auth0Passwords.put(call, AUTH0, user.id, { hash: hashPassword(call, password) })
}

const CLASSES = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]

/** Auth0's own standard ("good"): 8 characters, three of the four kinds. What Harmony asks for is not documented (harmony-auth 6.9 (?)). */
function checkPassword(call: HarmonyCall<400>, password: string): void {
  const kinds = CLASSES.filter((kind) => kind.test(password)).length
  if ([...password].length < 8 || kinds < 3) call.refuse(400, 'PasswordStrengthError: Password is too weak')
}

/** Unique in the directory without case (harmony-auth 6.8 (?)). */
function file(call: HarmonyCall<409>, user: Auth0Record, act: (filing: Filing) => void): void {
  const names = [{ kind: 'email', name: user.email.toLowerCase() }]
  if (user.username !== undefined) names.push({ kind: 'username', name: user.username.toLowerCase() })
  try {
    act({ names, attributes: {} })
  } catch (error) {
    if (error instanceof Taken) call.refuse(409, `a user with this ${error.what} exists already`)
    throw error
  }
}

function invite(call: HarmonyCall, user: Auth0Record): void {
  const link = issueLink(call, user, 'password', user.clientId)
  call.send({
    channel: 'email',
    to: user.email,
    subject: 'You are invited',
    body: `${user.name}, an account was made for you. Choose its password: ${link}`,
    template: 'invitation',
    link,
    room: 'harmony',
    pool: AUTH0,
    user: user.id,
    username: user.username ?? user.email,
  })
}

function refuseReadOnly(call: HarmonyCall<400>, body: Record<string, unknown>, shown: Record<string, unknown>): void {
  const set = READ_ONLY.find((key) => body[key] !== undefined && body[key] !== shown[key])
  if (set !== undefined) call.refuse(400, `user.${set} is set by the service`)
}

/** A body's own keys, and those no interface lists. */
function split(body: Record<string, unknown>): Record<string, unknown> & { others: Record<string, unknown> } {
  const kept = Object.entries(body).filter(([key, value]) => value !== undefined && !ACTS.has(key) && !READ_ONLY.includes(key))
  return {
    ...Object.fromEntries(kept.filter(([key]) => OWN.has(key))),
    others: Object.fromEntries(kept.filter(([key]) => !OWN.has(key))),
  }
}

/** One level deep; null takes a member away, or all of them. */
function merged(before: Record<string, unknown>, change: object | null | undefined): Record<string, unknown> {
  if (change === null) return {}
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined))
}
