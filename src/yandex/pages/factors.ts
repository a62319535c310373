import encodeQR from 'qr'
import { associate, pendingSecret, softwareToken, useCode, verifyPending } from '../../directory/totp.ts'
import type { Form, Leading, PageRoute, Say, Visit } from '../../oauth/index.ts'
import { ownCall } from '../call.ts'
import type { User } from '../records.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import type { Passed } from '../rules/users/factors.ts'
import { addPasskey, creationOptions, requestOptions, showsPasskey } from '../rules/users/passkeys.ts'
import { countFailure, forgetFailures, requireUnlocked } from '../rules/users/sign-in.ts'
import { backToStart, sayOf } from './login.ts'
import { factorStep, onward, partyOf, passing } from './onward.ts'

/** (?) What is wrong with a code or a key, in one sentence each; both count like wrong passwords. */
export const WRONG_CODE = 'Invalid one-time code'
export const WRONG_KEY = 'Invalid WebAuthn credential'

/** (?) Who an authenticator app says that the codes are for. */
const ISSUER = 'Yandex Cloud'

/** A second factor that the user has, shown (docs: organization/concepts/mfa). */
export const showFactor: PageRoute = {
  name: 'FactorPage',
  show(visit) {
    const step = factorStep(visit, 'show')
    if (step === undefined) return backToStart(visit)
    const { user, factors } = step
    const say = sayOf(visit)
    const party = partyOf(visit)
    const keyForm: Form[] =
      factors.includes('webauthn') && party !== undefined
        ? [
            {
              id: 'passkey',
              fields: [],
              submit: say('passkeyUse'),
              passkey: { doing: 'get', options: requestOptions(visit.call, user, party) },
            },
          ]
        : []
    const forms = factors.includes('totp') ? [...keyForm, codeForm(say, keyForm.length > 0)] : keyForm
    const lead = factors.includes('totp') ? say('mfaApp') : undefined
    return { page: { id: 'factor', title: say('factorConfirm'), lead, forms } }
  },
  submit(visit) {
    return judged(visit, 'show', {
      totp: (user, code) => takesCode(visit, user, code),
      webauthn: (user, credential) => showsPasskey(visit.call, user, credential),
    })
  },
}

/** A second factor that the user adds, because there is an enforcement and none yet. */
export const addFactor: PageRoute = {
  name: 'AddFactorPage',
  show(visit) {
    const step = factorStep(visit, 'add')
    if (step === undefined) return backToStart(visit)
    const { user, factors } = step
    const { call } = visit
    const say = sayOf(visit)
    const party = partyOf(visit)
    const app = factors.includes('totp') ? appOf(visit, user) : undefined
    const key: Form[] =
      factors.includes('webauthn') && party !== undefined
        ? [
            {
              id: 'add-passkey',
              fields: [],
              submit: say('passkeyMake'),
              passkey: { doing: 'create', options: creationOptions(call, user, party) },
              apart: app !== undefined,
              secondary: app !== undefined,
            },
          ]
        : []
    const stuck = app === undefined && key.length === 0
    return {
      page: {
        id: 'add-factor',
        title: say('factorAdd'),
        lead: say('factorAddLead'),
        error: stuck ? say('factorHost', { host: visit.web.host }) : undefined,
        more: app === undefined ? undefined : [say('mfaSetUpLead')],
        figure: app === undefined ? undefined : { svg: encodeQR(app.uri, 'svg'), label: say('qrCode'), text: app.secret },
        forms: app === undefined ? key : [codeForm(say, false), ...key],
      },
    }
  },
  submit(visit) {
    return judged(visit, 'add', {
      totp: (user, code) => verifyPending(visit.call, owner(user), { code }) === true,
      webauthn: (user, credential) => addPasskey(visit.call, user, credential),
    })
  },
}

/** Whether what somebody sent proves a factor. */
type Proofs = Record<'totp' | 'webauthn', (user: User, sent: string) => boolean>

/** Who proved one of the factors that are asked for goes on; anybody else is asked again. */
function judged(visit: Visit, errand: 'show' | 'add', proofs: Proofs) {
  const step = factorStep(visit, errand)
  if (step === undefined) return backToStart(visit)
  const { user, passed, factors } = step
  const { code = '', credential } = visit.web.form
  const [by, sent] = credential === undefined ? (['totp', code.trim()] as const) : (['webauthn', credential] as const)
  const right = factors.includes(by) && guarded(visit, user, () => proofs[by](user, sent))
  return right ? arrived(visit, user, [...passed, passing(visit, by)]) : refuse(visit, user, by)
}

function codeForm(say: Say, apart: boolean): Form {
  const field = { name: 'code', label: say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' as const }
  return { id: 'totp', fields: [field], submit: say('next'), apart }
}

function owner({ userpoolId, id }: User) {
  return { pool: userpoolId, person: id }
}

/** Its secret is made once; coming to the page again shows the same. */
function appOf({ call }: Visit, user: User): { secret: string; uri: string } {
  const secret = pendingSecret(call, owner(user)) ?? associate(call, owner(user))
  const uri = `otpauth://totp/${encodeURIComponent(`${ISSUER}:${user.username}`)}?${new URLSearchParams({ secret, issuer: ISSUER })}`
  return { secret, uri }
}

function takesCode({ call }: Visit, user: User, code: string): boolean {
  const token = softwareToken(call, owner(user))
  return token !== undefined && useCode(call, owner(user), token, code) === 'right'
}

function guarded<T>(visit: Visit, user: User, check: () => T): T {
  const call = ownCall(visit.call)
  requireUnlocked(call, call.pool(user.userpoolId), user, 'factor')
  return check()
}

function arrived(visit: Visit, user: User, passed: readonly Passed[]): Leading {
  forgetFailures(visit.call, user, 'factor')
  visit.call.note({ event: IAM_DATA.factor })
  return onward(visit, user, passed)
}

function refuse(visit: Visit, user: User, by: 'totp' | 'webauthn'): never {
  const call = ownCall(visit.call)
  call.afterRefusal((after) => countFailure(after, call.pool(user.userpoolId), user, 'factor'))
  return call.fail('UNAUTHENTICATED', by === 'totp' ? WRONG_CODE : WRONG_KEY)
}
