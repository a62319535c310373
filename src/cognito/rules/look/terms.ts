import type { CognitoCall } from '../../call.ts'
import type { TermsType } from '../../contract/types.ts'
import { type Pool, terms } from '../../records.ts'

export function requireTerms(call: CognitoCall, pool: Pool, id: string): TermsType {
  return terms.get(call, pool.Id, id) ?? call.fail('ResourceNotFoundException', noTerms(id))
}

/** (?) After the sentences for pools and clients. */
export function noTerms(id: string): string {
  return `Terms ${id} do not exist.`
}

export function termsOf(call: CognitoCall, pool: Pool, client: string, name: string): TermsType | undefined {
  return terms.all(call, pool.Id).find(({ ClientId, TermsName }) => ClientId === client && TermsName === name)
}

/** Documents of one name are unique to a client. */
export function checkTermsName(call: CognitoCall, pool: Pool, client: string, name: string): void {
  if (termsOf(call, pool, client, name) !== undefined) call.fail('TermsExistsException', termsTaken(name))
}

/** (?) */
function termsTaken(name: string): string {
  return `Terms with the name ${name} already exist for the app client.`
}

/** The contract leaves links out of what must be given, and puts them into what is always answered. */
export function checkLinks(call: CognitoCall, links: TermsType['Links'] | undefined): TermsType['Links'] {
  if (links === undefined) return call.fail('InvalidParameterException', NO_LINKS)
  const wrong = Object.values(links).find((url) => !/^https?:\/\/[^\s]+$/i.test(url))
  if (wrong !== undefined) call.fail('InvalidParameterException', wrongLink(wrong))
  return links
}

// (?) Both sentences.
const NO_LINKS = 'Links are required for terms of the source LINK'
const wrongLink = (url: string) => `${url} is not a valid URL`
