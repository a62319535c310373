import type { Form, Key, Page, PageRoute } from '../../oauth/index.ts'
import type { ChallengeNameType } from '../contract/types.ts'
import { goOn } from '../rules/sign-in/page-sign-in.ts'
import { advance, backToStart, type Here, here, requireStep, type Step } from './visits.ts'

const CODES: readonly ChallengeNameType[] = ['SMS_MFA', 'EMAIL_OTP', 'SMS_OTP', 'SOFTWARE_TOKEN_MFA']
const LABELS: Readonly<Record<string, Key>> = { SMS_MFA: 'chooseSms', EMAIL_OTP: 'chooseEmail', SOFTWARE_TOKEN_MFA: 'chooseApp' }

/** A code to enter, or a choice between the ways to get one. */
export const mfa: PageRoute = {
  name: 'MfaPage',
  show(visit) {
    const step = requireStep(visit, ...CODES, 'SELECT_MFA_TYPE')
    return step === undefined ? backToStart(visit) : { page: pageOf(here(visit), step, backToStart(visit).to) }
  },
  submit(visit) {
    const step = requireStep(visit, ...CODES, 'SELECT_MFA_TYPE')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const { challenge, session, username } = step
    const { code = '', answer = '' } = visit.web.form
    const responses: Record<string, string> = challenge === 'SELECT_MFA_TYPE' ? { ANSWER: answer } : { [`${challenge}_CODE`]: code.trim() }
    return advance(visit, username, goOn(at.call, at, { challenge, session, username, responses }))
  },
}

function pageOf({ say }: Here, { challenge, parameters }: Step, start: string): Page {
  const links = [{ id: 'back', text: say('back'), href: start }]
  if (challenge === 'SELECT_MFA_TYPE') {
    const options = (JSON.parse(parameters.MFAS_CAN_CHOOSE ?? '[]') as string[]).map((value) => ({
      value,
      label: say(LABELS[value] ?? 'code'),
    }))
    const form: Form = {
      id: 'mfa-choose',
      fields: [{ name: 'answer', label: say('mfaChoose'), type: 'radio', options }],
      submit: say('next'),
    }
    return { id: 'mfa-choose', title: say('mfaChoose'), forms: [form], links }
  }
  const form: Form = {
    id: 'mfa',
    fields: [{ name: 'code', label: say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' }],
    submit: say('next'),
  }
  return { id: 'mfa', title: say('mfa'), lead: leadOf(say, challenge, parameters), forms: [form], links }
}

function leadOf(say: Here['say'], challenge: ChallengeNameType, parameters: Step['parameters']): string {
  const { CODE_DELIVERY_DESTINATION: destination = '', FRIENDLY_DEVICE_NAME: name } = parameters
  if (challenge === 'SOFTWARE_TOKEN_MFA') return name === undefined ? say('mfaApp') : say('mfaAppNamed', { name })
  return say(challenge === 'EMAIL_OTP' ? 'mfaEmail' : 'mfaSms', { destination })
}
