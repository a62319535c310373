import { Declined, type Route } from './route.ts'

const CODES = {
  type: 'object',
  description: 'by address, phone number or login name, * for all others',
  additionalProperties: { type: 'string' },
}

/** One-time codes that are not drawn. */
export const codes: Route[] = [
  {
    method: 'GET',
    url: '/codes',
    summary: 'One-time codes that are fixed beforehand',
    answer: CODES,
    handle: ({ namespace, emulator }) => ({ ...emulator.fittings.settings.codes, ...namespace().codes }),
  },
  {
    method: 'PUT',
    url: '/codes',
    summary: 'Fix the one-time codes of these destinations, on top of what the emulator was started with',
    body: CODES,
    answer: CODES,
    refuses: { 400: 'A code is not of digits' },
    handle: ({ namespace, emulator, body }) => {
      for (const [to, code] of Object.entries(body as Record<string, string>)) {
        if (!/^\d{1,32}$/.test(code)) throw new Declined(400, `the code of ${to} must be of digits, not "${code}"`)
      }
      namespace().setCodes(body)
      return { ...emulator.fittings.settings.codes, ...namespace().codes }
    },
  },
]
