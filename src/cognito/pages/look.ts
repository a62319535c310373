import type { Look } from '../../oauth/index.ts'
import type { CognitoCall } from '../operation.ts'
import { type Client, type Pool, uiCustomizations } from '../records.ts'
import { brandingOf } from '../rules/branding.ts'
import { bytesOf, imageKind, MEDIA_TYPES } from '../rules/images.ts'
import { ALL } from '../rules/ui-customization.ts'

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
  const custom = uiCustomizations.get(call, pool.Id, client.ClientId) ?? uiCustomizations.get(call, pool.Id, ALL)
  const picture = branding?.Assets?.find(({ Category }) => Category === 'FORM_LOGO' || Category === 'PAGE_HEADER_LOGO')?.Bytes
  const logo = dataUrl(picture) ?? dataUrl(custom?.Image)
  const background = dataUrl(branding?.Assets?.find(({ Category }) => Category === 'PAGE_BACKGROUND')?.Bytes)
  const css = [
    branding === undefined ? '' : variables(branding.Settings),
    background === undefined ? '' : `body{background-image:url("${background}");background-size:cover}`,
    branding === undefined ? (custom?.CSS ?? '') : '',
  ]
  return { name: client.ClientName, logo, css: css.filter((part) => part !== '').join('\n'), classes: CLASSES }
}

function dataUrl(base64: unknown): string | undefined {
  const bytes = typeof base64 === 'string' ? bytesOf(base64) : undefined
  const kind = bytes === undefined ? undefined : imageKind(bytes)
  return bytes === undefined || kind === undefined ? undefined : `data:${MEDIA_TYPES[kind]};base64,${bytes.toString('base64')}`
}

/** Where a branding's settings say what our style sheet takes from variables. */
const COLOURS: Readonly<Record<string, readonly string[]>> = {
  '--page': ['components', 'pageBackground', 'lightMode', 'color'],
  '--form': ['components', 'form', 'lightMode', 'backgroundColor'],
  '--border': ['components', 'form', 'lightMode', 'borderColor'],
  '--button': ['components', 'primaryButton', 'lightMode', 'defaults', 'backgroundColor'],
  '--button-text': ['components', 'primaryButton', 'lightMode', 'defaults', 'textColor'],
  '--link': ['componentClasses', 'link', 'lightMode', 'defaults', 'textColor'],
  '--text': ['components', 'pageText', 'lightMode', 'bodyColor'],
  '--input': ['componentClasses', 'input', 'lightMode', 'defaults', 'backgroundColor'],
  '--input-border': ['componentClasses', 'input', 'lightMode', 'defaults', 'borderColor'],
}

function variables(settings: unknown): string {
  const colours = Object.entries(COLOURS).flatMap(([name, path]) => {
    const value = at(settings, path)
    return typeof value === 'string' && /^[0-9a-f]{6}(?:[0-9a-f]{2})?$/i.test(value) ? [`${name}:#${value}`] : []
  })
  const radius = at(settings, ['components', 'form', 'borderRadius'])
  const all = typeof radius === 'number' ? [...colours, `--radius:${radius}px`] : colours
  return all.length === 0 ? '' : `body{${all.join(';')}}`
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined),
    value,
  )
}
