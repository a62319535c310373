import type { Look } from '../../oauth/index.ts'
import type { CognitoCall } from '../call.ts'
import { type Client, type Pool, uiCustomizations } from '../records.ts'
import { brandingOf } from '../rules/look/branding.ts'
import { ALL } from '../rules/look/ui-customization.ts'
import { brandedLook, dataUrl } from './branded-look.ts'

/** The classes that style sheets of the classic pages speak of. */
const CLASSES: Look['classes'] = {
  background: 'background-customizable',
  banner: 'banner-customizable',
  logo: 'logo-customizable',
  label: 'label-customizable',
  input: 'inputField-customizable',
  submit: 'submitButton-customizable',
  error: 'errorMessage-customizable',
  text: 'textDescription-customizable',
  legal: 'legalText-customizable',
  link: 'redirect-customizable',
}

/** What the settings of a client make of the pages: its branding, else its customization, else that of all clients. */
export function lookOf(call: CognitoCall, place: { pool: Pool; client: Client } | undefined): Look {
  if (place === undefined) return { name: 'Poolhouse', css: '', classes: CLASSES }
  const { pool, client } = place
  const branding = brandingOf(call, pool, client)
  if (branding !== undefined) return { name: client.ClientName, classes: CLASSES, ...brandedLook(branding) }
  const custom = uiCustomizations.get(call, pool.Id, client.ClientId) ?? uiCustomizations.get(call, pool.Id, ALL)
  return { name: client.ClientName, logo: dataUrl(custom?.Image), css: custom?.CSS ?? '', classes: CLASSES }
}
