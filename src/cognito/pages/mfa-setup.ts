import encodeQR from 'qr'
import type { PageRoute, Visit } from '../../oauth/index.ts'
import type { AssociateSoftwareTokenResponse, VerifySoftwareTokenResponse } from '../contract/types.ts'
import { invoke } from '../invoke.ts'
import { goOn } from '../rules/sign-in/page-sign-in.ts'
import { advance, backToStart, type Here, here, proceedTo, requireStep, type Step } from './visits.ts'

/** A pool that demands a second factor has whoever has none set up an authenticator app (M1, M9). */
export const mfaSetup: PageRoute = {
  name: 'MfaSetupPage',
  show(visit) {
    const step = requireStep(visit, 'MFA_SETUP')
    if (step === undefined) return backToStart(visit)
    const { secret } = step.parameters
    // The key is made once; coming to the page again shows the same.
    if (secret === undefined) return associated(visit, step)
    const { say, pool } = here(visit)
    const uri = `otpauth://totp/${encodeURIComponent(`${pool.Name}:${step.username}`)}?${new URLSearchParams({ secret, issuer: pool.Name })}`
    const fields = [
      { name: 'code', label: say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' as const },
      { name: 'device', label: say('deviceName'), required: false, value: visit.web.form.device },
    ]
    return {
      page: {
        id: 'mfa-setup',
        title: say('mfaSetUp'),
        lead: say('mfaSetUpLead'),
        figure: { svg: encodeQR(uri, 'svg'), label: say('qrCode'), text: secret },
        forms: [{ id: 'mfa-setup', fields, submit: say('next') }],
        links: [{ id: 'back', text: say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const step = requireStep(visit, 'MFA_SETUP')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const { code = '', device = '' } = visit.web.form
    const input = { Session: step.session, UserCode: code.trim(), ...(device === '' ? {} : { FriendlyDeviceName: device }) }
    const { Session: session = '' } = ask<VerifySoftwareTokenResponse>(at, 'VerifySoftwareToken', input)
    const { challenge, username } = step
    return advance(visit, username, goOn(at.call, at, { challenge, session, username, responses: {} }))
  },
}

function associated(visit: Visit, step: Step) {
  const at = here(visit)
  const { SecretCode: secret = '', Session: session = '' } = ask<AssociateSoftwareTokenResponse>(at, 'AssociateSoftwareToken', {
    Session: step.session,
  })
  return proceedTo(visit, '/mfa/setup', { ...step, session, parameters: { ...step.parameters, secret } })
}

function ask<T>({ call }: Here, name: string, input: unknown): T {
  return invoke(name, input, call.context) as T
}
