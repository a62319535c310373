import type { OAuthClient } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

const KNOWN = new Set(['none', 'login', 'select_account', 'consent'])

/** Whether a person is to be asked, whoever is signed in (OpenID Connect Core, 3.1.2.1). */
const prompt: Check = (inquiry) => {
  const { call, realm, web, found } = inquiry
  if (realm.heedsPrompt?.(call, web, found.client as OAuthClient) === false) return { prompts: new Set() }
  const prompts = new Set((inquiry.params.prompt ?? '').split(' ').filter((name) => name !== ''))
  const unknown = [...prompts].find((name) => !KNOWN.has(name))
  if (unknown !== undefined) refuseBack(inquiry, 'invalid_request', `There is no prompt ${unknown}.`)
  if (prompts.has('none') && prompts.size > 1) refuseBack(inquiry, 'invalid_request', 'The prompt none stands alone.')
  return { prompts }
}

export default prompt
