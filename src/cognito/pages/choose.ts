import { worksAt } from '../../directory/passkeys.ts'
import type { Form, Key, PageRoute, Visit } from '../../oauth/index.ts'
import { goOn } from '../rules/sign-in/page-sign-in.ts'
import { advance, backToStart, detour, type Here, here, hostOf, requireStep, type Step } from './visits.ts'

/** The first factors that a page can ask for, as buttons; SRP is for programs. */
const CHOICES: Readonly<Record<string, { id: string; text: Key }>> = {
  PASSWORD: { id: 'choose-password', text: 'choosePassword' },
  EMAIL_OTP: { id: 'choose-email', text: 'chooseEmail' },
  SMS_OTP: { id: 'choose-sms', text: 'chooseSms' },
}

/** The first factor, of those that the user has (L20), then the password or the passkey if that is what was chosen. */
export const choose: PageRoute = {
  name: 'ChoosePage',
  show(visit) {
    const step = requireStep(visit, 'SELECT_CHALLENGE', 'PASSWORD', 'WEB_AUTHN')
    if (step === undefined) return backToStart(visit)
    const elsewhere = detour(visit, step.username)
    if (elsewhere !== undefined) return elsewhere
    const at = here(visit)
    const { say } = at
    const forms = formsOf(visit, at, step)
    const [first] = forms
    const asking = forms.length === 1 && first?.id === 'password'
    return {
      page: {
        id: asking ? 'password' : 'choose',
        title: asking ? say('enterPassword') : say('choose'),
        lead: say('chooseLead', { name: step.username }),
        notice: unusable(visit, at, step),
        forms,
        links: [{ id: 'back', text: say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const step = requireStep(visit, 'SELECT_CHALLENGE', 'PASSWORD', 'WEB_AUTHN')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const { challenge, session, username } = step
    return advance(visit, username, goOn(at.call, at, { challenge, session, username, responses: responsesOf(visit, step) }))
  },
}

function responsesOf({ web }: Visit, { challenge }: Step): Record<string, string> {
  const { answer = challenge, password, credential } = web.form
  const proof = {
    ...(answer === 'PASSWORD' && password !== undefined ? { PASSWORD: password } : {}),
    ...(answer === 'WEB_AUTHN' ? { CREDENTIAL: credential ?? '' } : {}),
  }
  return challenge === 'SELECT_CHALLENGE' ? { ANSWER: answer, ...proof } : proof
}

function formsOf(visit: Visit, { say }: Here, { challenge, available, parameters }: Step): Form[] {
  // Its challenge is spent (M15): another passkey needs another beginning.
  if (visit.refused !== undefined && visit.web.form.answer === 'WEB_AUTHN') return []
  const offered = challenge === 'SELECT_CHALLENGE' ? available.filter((name) => name !== 'PASSWORD_SRP') : [challenge]
  const options = parameters.CREDENTIAL_REQUEST_OPTIONS
  const passkey: Form[] =
    offered.includes('WEB_AUTHN') && options !== undefined && partyOf(options, visit) !== undefined
      ? [
          {
            id: 'choose-passkey',
            fields: [],
            hidden: { answer: 'WEB_AUTHN' },
            passkey: { doing: 'get', options },
            submit: say('passkeyUse'),
          },
        ]
      : []
  const [only] = offered
  if (offered.length === 1 && only === 'PASSWORD') {
    const field = { name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' } as const
    return [{ id: 'password', fields: [field], hidden: { answer: 'PASSWORD' }, submit: say('signIn') }]
  }
  const others = offered.flatMap((answer): Form[] => {
    const choice = CHOICES[answer]
    if (choice === undefined) return []
    return [{ id: choice.id, fields: [], hidden: { answer }, submit: say(choice.text), secondary: true }]
  })
  const [second, ...rest] = others
  return passkey.length === 0 || second === undefined ? [...passkey, ...others] : [...passkey, { ...second, apart: true }, ...rest]
}

/** The relying party that these options name, if a browser takes it at this page. */
function partyOf(options: string, visit: Visit): string | undefined {
  const { rpId } = JSON.parse(options) as { rpId?: string }
  return rpId !== undefined && worksAt(hostOf(visit), rpId) ? rpId : undefined
}

/** A passkey that a browser would not use here is not offered, and it is said why. */
function unusable(visit: Visit, { say }: Here, { parameters }: Step): string | undefined {
  const options = parameters.CREDENTIAL_REQUEST_OPTIONS
  if (options === undefined || partyOf(options, visit) !== undefined) return undefined
  const { rpId = '' } = JSON.parse(options) as { rpId?: string }
  return say('passkeyElsewhere', { party: rpId, host: hostOf(visit) })
}
