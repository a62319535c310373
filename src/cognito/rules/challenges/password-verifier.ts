import { passwords } from '../../records.ts'
import { refuseStranger, refuseWrong, requireMaySignIn, requirePasswordOf } from '../passwords/proof.ts'
import { type Exchange, INVALID_SRP_A, isFresh, openExchange, poolName, pretendExchange, proofFits, readPublic } from '../passwords/srp.ts'
import { requireUnlocked } from '../sign-in/lock-out.ts'
import { type Challenge, passed } from './challenge.ts'

/** Bytes of the block that both sides sign over. */
export const BLOCK = 1024

/** The second step of SRP: the client proves that it knows the password without having sent it (L12, L13). */
export const passwordVerifier: Challenge<Exchange> = {
  name: 'PASSWORD_VERIFIER',
  requires: ['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP'],
  byBlock: true,
  ask({ call, pool, user, progress }, { SRP_A }) {
    const A = readPublic(SRP_A) ?? call.fail('InvalidParameterException', INVALID_SRP_A)
    const known = user === undefined ? undefined : passwords.get(call, pool.Id, user.sub)
    const exchange =
      user === undefined || known === undefined
        ? { ...pretendExchange(call, pool, A, progress.username), ...(user === undefined ? {} : { userId: user.Username }) }
        : openExchange(call, A, user.Username, known)
    return {
      parameters: {
        SALT: exchange.salt,
        SECRET_BLOCK: call.random.bytes(BLOCK).toString('base64'),
        SRP_B: exchange.B,
        USERNAME: exchange.userId,
        USER_ID_FOR_SRP: exchange.userId,
      },
      state: exchange,
    }
  },
  check(signIn, responses, exchange, burn) {
    const { call, pool, client, user, progress } = signIn
    requireUnlocked(call, pool, user ?? progress.username)
    // A proof that fails ends its session, nobody's as anybody's.
    burn()
    if (user === undefined) return refuseStranger(call, pool, progress.username)
    requirePasswordOf(call, pool, client, user)
    const known = passwords.get(call, pool.Id, user.sub)
    const fits =
      known !== undefined &&
      exchange.b !== '' &&
      isFresh(call, responses.TIMESTAMP ?? '') &&
      proofFits(call, exchange, known.verifier, { group: poolName(pool), responses })
    if (!fits) refuseWrong(call, pool, user)
    requireMaySignIn(call, pool, user)
    return { signIn: passed(signIn, 'PASSWORD_VERIFIER') }
  },
}
