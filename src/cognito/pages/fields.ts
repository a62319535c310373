import { type Field, type Key, languageOf, type Visit } from '../../oauth/index.ts'
import { policyOf } from '../rules/passwords/policy.ts'
import type { Here } from './visits.ts'

/** What the users of a pool are called by. */
export function nameField({ pool, say }: Here): Pick<Field, 'label' | 'type' | 'inputmode'> {
  const kinds = pool.UsernameAttributes ?? []
  if (kinds.length === 2) return { label: say('emailOrPhone'), type: 'text' }
  if (kinds[0] === 'email') return { label: say('email'), type: 'email', inputmode: 'email' }
  if (kinds[0] === 'phone_number') return { label: say('phone'), type: 'tel', inputmode: 'tel' }
  return { label: say('username'), type: 'text' }
}

/** Whom a form is about: told by the page before, else asked for. */
export function whose({ web }: Visit, at: Here, known: string): { fields: Field[]; hidden: Record<string, string> } {
  if (known !== '') return { fields: [], hidden: { username: known } }
  return { fields: [{ ...nameField(at), name: 'username', autocomplete: 'username', value: web.form.username }], hidden: {} }
}

type Kind = Pick<Field, 'type' | 'autocomplete' | 'inputmode' | 'hint'>

/** The standard attributes that somebody may have to fill in, and what browsers know of them. */
const ATTRIBUTES: Readonly<Record<string, readonly [Key, Kind]>> = {
  email: ['email', { type: 'email', autocomplete: 'email', inputmode: 'email' }],
  phone_number: ['phone', { type: 'tel', autocomplete: 'tel', inputmode: 'tel', hint: '+12025550123' }],
  name: ['attributeName', { autocomplete: 'name' }],
  given_name: ['attributeGivenName', { autocomplete: 'given-name' }],
  family_name: ['attributeFamilyName', { autocomplete: 'family-name' }],
  middle_name: ['attributeMiddleName', { autocomplete: 'additional-name' }],
  nickname: ['attributeNickname', { autocomplete: 'nickname' }],
  preferred_username: ['attributePreferredUsername', {}],
  profile: ['attributeProfile', { autocomplete: 'url', inputmode: 'url' }],
  picture: ['attributePicture', { autocomplete: 'photo', inputmode: 'url' }],
  website: ['attributeWebsite', { autocomplete: 'url', inputmode: 'url' }],
  gender: ['attributeGender', { autocomplete: 'sex' }],
  birthdate: ['attributeBirthdate', { type: 'date', autocomplete: 'bday' }],
  zoneinfo: ['attributeZoneinfo', { hint: 'Europe/Berlin' }],
  locale: ['attributeLocale', { autocomplete: 'language', hint: 'de-DE' }],
  address: ['attributeAddress', { autocomplete: 'street-address' }],
}

/** The field for an attribute of the user; one of the pool's own is called by its name. */
export function attributeField({ web }: Visit, { say }: Here, prefix: string, attribute: string): Field {
  const [key, kind] = ATTRIBUTES[attribute] ?? []
  const name = `${prefix}${attribute}`
  return { ...kind, name, label: key === undefined ? attribute : say(key), value: web.form[name] }
}

/** A password that is made here, with what the pool wants of it. */
export function newPasswordField(visit: Visit, { pool, say }: Here, label: Key): Field {
  const { MinimumLength: length = 0, ...policy } = policyOf(pool)
  const rules = [
    say('ruleLength', { length: String(length) }),
    ...(policy.RequireUppercase === true ? [say('ruleUpper')] : []),
    ...(policy.RequireLowercase === true ? [say('ruleLower')] : []),
    ...(policy.RequireNumbers === true ? [say('ruleNumber')] : []),
    ...(policy.RequireSymbols === true ? [say('ruleSymbol')] : []),
  ]
  const hint = new Intl.ListFormat(languageOf(visit.web)).format(rules)
  return { name: 'password', label: say(label), type: 'password', autocomplete: 'new-password', hint }
}
