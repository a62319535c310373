import type { CognitoCall } from '../../call.ts'
import { type Pool, type Provider, providers, type User } from '../../records.ts'
import { assumed, isEnough, isInReach } from '../factors/step-up.ts'
import type { Proof } from './assurance.ts'
import type { Level } from './sessions.ts'

/** Those of the levels that a provider has a name for, and is asked for by it (reference, AcrMapping). */
export function levelsOf({ AcrMapping }: Pick<Provider, 'AcrMapping'>, levels: readonly Level[] = []): { level: Level; name: string }[] {
  return levels.flatMap((level) => {
    const name = AcrMapping?.[`Level${level}`]
    return name === undefined ? [] : [{ level, name }]
  })
}

/**
 * Whether a session of the pages is as strong as a request wants it. (?) One that a provider vouched for is, where that provider cannot be
 * asked for more.
 */
export function isStrong(call: CognitoCall, pool: Pool, user: User, proof: Proof | undefined, levels: readonly Level[]): boolean {
  if (proof === undefined) return isInReach({ call, pool }, user, levels)
  if (!('methods' in proof)) return isEnough({ call, pool }, user, proof, levels)
  const [wanted] = levelsOf(providers.get(call, pool.Id, proof.provider) ?? {}, levels)
  return wanted === undefined || (proof.level ?? 0) >= wanted.level
}

/** What somebody has proven; whoever was let in at once counts as having proven what is asked for. */
export function proofOf(call: CognitoCall, pool: Pool, user: User, proof: unknown, levels: readonly Level[]): Proof {
  return (proof as Proof | undefined) ?? assumed({ call, pool }, user, levels)
}
