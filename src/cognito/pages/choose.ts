import type { Field, Key, PageRoute, Visit } from '../../oauth/index.ts'
import { goOn } from '../rules/page-sign-in.ts'
import { advance, backToStart, type Here, here, requireStep, type Step } from './visits.ts'

const LABELS: Readonly<Record<string, Key>> = { PASSWORD: 'choosePassword', EMAIL_OTP: 'chooseEmail', SMS_OTP: 'chooseSms' }

/** The first factor, of those that the user has (L20); a password is asked for on the spot. */
export const choose: PageRoute = {
  name: 'ChoosePage',
  show(visit) {
    const step = requireStep(visit, 'SELECT_CHALLENGE', 'PASSWORD')
    if (step === undefined) return backToStart(visit)
    const { say } = here(visit)
    const fields = fieldsOf(here(visit), step)
    return {
      page: {
        id: 'choose',
        title: say('choose'),
        lead: step.username,
        forms: [{ id: 'choose', fields, submit: say('next') }],
        links: [again(visit)],
      },
    }
  },
  submit(visit) {
    const step = requireStep(visit, 'SELECT_CHALLENGE', 'PASSWORD')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const { answer = 'PASSWORD', password = '' } = visit.web.form
    const withPassword = answer === 'PASSWORD' ? { PASSWORD: password } : {}
    const responses: Record<string, string> = step.challenge === 'PASSWORD' ? { PASSWORD: password } : { ANSWER: answer, ...withPassword }
    const { challenge, session, username } = step
    return advance(visit, username, goOn(at.call, at, { challenge, session, username, responses }))
  },
}

function fieldsOf({ say }: Here, { challenge, available }: Step): Field[] {
  // Passkeys need a script, which pages without one do not offer; SRP is for programs.
  const offered = challenge === 'PASSWORD' ? ['PASSWORD'] : available.filter((name) => Object.hasOwn(LABELS, name))
  const options = offered.map((value) => ({ value, label: say(LABELS[value] as Key) }))
  const choice: Field[] =
    options.length === 1 && offered[0] === 'PASSWORD' ? [] : [{ name: 'answer', label: say('choose'), type: 'radio', options }]
  if (!offered.includes('PASSWORD')) return choice
  const alone = choice.length === 0
  const label = alone ? say('password') : say('passwordIfChosen')
  return [...choice, { name: 'password', label, type: 'password', autocomplete: 'current-password', required: alone }]
}

function again(visit: Visit) {
  return { id: 'back', text: here(visit).say('back'), href: backToStart(visit).to }
}
