import { Refusal } from '../../core/refusal.ts'
import type { HarmonyCall } from '../call.ts'
import { accepts } from './tokens.ts'

/** Refuses a caller who has not the token that the configured mode asks for (harmony-auth 7). Only callers from outside are asked. */
export function authorize(call: HarmonyCall): void {
  const { auth, tokens } = call.options
  if (auth === 'off' || call.origin.transport !== 'http') return
  const [, token] = /^Bearer +([^\s]+)$/i.exec(String(call.origin.headers.authorization ?? '')) ?? []
  if (token !== undefined && (auth === 'static' ? tokens.includes(token) : accepts(call, token))) return
  throw new Refusal('Unauthorized', 'Unauthorized')
}
