import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { LANGUAGE_NAMES } from './languages.ts'
import type { Dress, Field, Form, Link, Page, Part, PasskeyUse } from './page.ts'
import { STYLE } from './style.ts'

const HURRY = 'document.forms[0].submit()'
const PASSKEYS = readFileSync(new URL('passkey-browser.js', import.meta.url), 'utf8')

/**
 * A page as a document, and the policy that it is sent with: nothing is fetched, nobody frames it, and nothing runs in it but our own
 * script where it needs one.
 */
export function render(page: Page, dress: Dress, formTargets: readonly string[] | 'anywhere' = []): { html: string; policy: string } {
  const { look, say, language } = dress
  const style = `${STYLE}\n${look.css}`.replaceAll('<', '\\3c ')
  const script = scriptOf(page)
  const cls = (part: Part, own: string) => escaped([own, look.classes[part] ?? ''].join(' ').trim())
  const html = `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(`${page.title} · ${look.name}`)}</title>
<link rel="icon" href="${escaped(look.icon ?? 'data:,')}">
<style>${style}</style>
</head>
<body class="${cls('background', 'page')}" data-testid="page-${escaped(page.id)}">
<div class="stage">
<main>
<div class="${cls('banner', 'banner')}">${logo(dress, cls)}</div>
<h1>${escaped(page.title)}</h1>
${page.lead === undefined ? '' : `<p class="${cls('text', 'lead')}" data-testid="lead">${escaped(page.lead)}</p>`}
${page.notice === undefined ? '' : `<p class="notice" role="status" data-testid="notice">${escaped(page.notice)}</p>`}
${page.error === undefined ? '' : `<p class="${cls('error', 'error')}" role="alert" id="error" data-testid="error">${escaped(page.error)}</p>`}
${(page.more ?? []).map((text) => `<p class="more">${escaped(text)}</p>`).join('')}
${page.figure === undefined ? '' : `<div class="figure" role="img" aria-label="${escaped(page.figure.label)}">${page.figure.svg}</div><p class="key" data-testid="key">${escaped(page.figure.text)}</p>`}
${page.forms.map((form) => formOf(form, page, dress, cls)).join('\n')}
${legal(page.legal, dress, cls)}
${page.links === undefined || page.links.length === 0 ? '' : `<ul class="links">${page.links.map((link) => `<li>${anchor(link, cls('link', 'link'))}</li>`).join('')}</ul>`}
${page.details === undefined ? '' : `<details data-testid="${escaped(page.details.id)}"><summary>${escaped(page.details.summary)}</summary><ul class="people">${page.details.links.map((link) => `<li>${anchor(link, 'link')}</li>`).join('')}</ul></details>`}
</main>
</div>
<footer>${languageMenu(dress)}<p>${escaped(say('emulator'))}</p></footer>
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    'img-src data:',
    ...(formTargets === 'anywhere' ? [] : [`form-action 'self'${formTargets.map((target) => ` ${target}`).join('')}`]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
  return { html, policy }
}

function scriptOf({ hurries, forms }: Page): string | undefined {
  if (hurries === true) return HURRY
  return forms.some(({ passkey }) => passkey !== undefined) ? PASSKEYS : undefined
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

type ClassOf = (part: Part, own: string) => string

function logo({ look }: Dress, cls: ClassOf): string {
  if (look.logo === undefined) {
    const [initial = ''] = look.name.trim()
    return `<p class="name"><span class="mark" aria-hidden="true">${escaped(initial.toUpperCase())}</span>${escaped(look.name)}</p>`
  }
  return `<img class="${cls('logo', 'logo')}" src="${escaped(look.logo)}" alt="${escaped(look.name)}" data-testid="logo">`
}

/** The same page in each language, where the look has a choice of them. */
function languageMenu({ look, language, site, path, search }: Dress): string {
  if (look.languages !== true) return ''
  const items = Object.entries(LANGUAGE_NAMES).map(([tag, name]) => {
    const query = new URLSearchParams(search)
    query.set('lang', tag)
    const href = escaped(`${site}${path}?${query}`)
    const current = tag === language ? ' aria-current="true"' : ''
    return `<li><a class="link" lang="${tag}" href="${href}"${current} data-testid="lang-${tag}">${escaped(name)}</a></li>`
  })
  return `<ul class="languages" data-testid="languages">${items.join('')}</ul>`
}

function legal(links: readonly Link[] | undefined, { say }: Dress, cls: ClassOf): string {
  if (links === undefined || links.length === 0) return ''
  return `<p class="${cls('legal', 'legal')}">${escaped(say('legal'))} ${links.map((link) => anchor(link, 'link')).join(', ')}</p>`
}

/** Schemes of addresses that a browser runs instead of visiting. */
const RUNS = /^\s*(?:javascript|data|vbscript):/i

function anchor({ id, text, href: to }: Link, classes: string): string {
  const href = RUNS.test(to) ? '#' : to
  return `<a class="${classes}" href="${escaped(href)}" data-testid="${escaped(id)}">${escaped(text)}</a>`
}

function formOf(form: Form, page: Page, dress: Dress, cls: ClassOf): string {
  const { site, path, search, csrf } = dress
  const action = form.away ?? `${site}${form.action ?? path}${search === '' ? '' : `?${search}`}`
  const hidden = Object.entries({ ...(form.away === undefined ? { _csrf: csrf } : {}), ...form.hidden })
  const classes = form.secondary === true ? 'button secondary' : cls('submit', 'button')
  const apart = form.apart === true ? `<p class="or">${escaped(dress.say('or'))}</p>` : ''
  return `${apart}<form method="post" action="${escaped(action)}" data-testid="form-${escaped(form.id)}">
${hidden.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('')}
${form.fields.map((field) => fieldOf(field, form, page, cls)).join('\n')}
${form.passkey === undefined ? '' : passkeyOf(form.passkey, dress, cls)}
<button type="submit" class="${classes}"${form.passkey === undefined ? '' : ' hidden'} data-testid="submit-${escaped(form.id)}">${escaped(form.submit)}</button>
</form>`
}

/** Its button stays hidden where no script shows it. */
function passkeyOf({ doing, options }: PasskeyUse, { say }: Dress, cls: ClassOf): string {
  const data = { passkey: doing, options, failed: say('passkeyFailed'), unsupported: say('passkeyUnsupported') }
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`)
  return `<input type="hidden" name="credential" value="" ${attributes.join(' ')}>
<p class="${cls('error', 'error')}" role="alert" data-testid="passkey-error" hidden></p>
<p class="hint" data-testid="passkey-scripts">${escaped(say('passkeyScripts'))}</p>`
}

function fieldOf(field: Field, form: Form, page: Page, cls: ClassOf): string {
  const id = `${form.id}-${field.name}`
  if (field.type === 'radio') return choice(field, id, page.title)
  const wrong = page.error !== undefined && isAbout(page, field)
  const told = [field.hint === undefined ? undefined : `${id}-hint`, wrong ? 'error' : undefined]
  const described = told.filter((part) => part !== undefined).join(' ')
  const attributes: [string, string | undefined][] = [
    ['id', id],
    ['name', field.name],
    ['type', field.type ?? 'text'],
    ['value', field.value],
    ['autocomplete', field.autocomplete ?? 'off'],
    ['inputmode', field.inputmode],
    ['aria-describedby', described === '' ? undefined : described],
    ['aria-invalid', wrong && page.wrong !== undefined ? 'true' : undefined],
    ['data-testid', field.name],
  ]
  const written = attributes.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${escaped(value as string)}"`)
  return `<div class="field"><label class="${cls('label', 'label')}" for="${escaped(id)}">${escaped(field.label)}</label>
<input class="${cls('input', 'input')}" ${written.join(' ')}${field.required === false ? '' : ' required'}${field === firstToFill(page) ? ' autofocus' : ''} autocapitalize="none" spellcheck="false">
${field.hint === undefined ? '' : `<p class="hint" id="${escaped(id)}-hint">${escaped(field.hint)}</p>`}</div>`
}

/** Whether the page's error is about this field; without a name, or with that of a field that is not there, about all of them. */
function isAbout({ wrong, forms }: Page, { name }: Field): boolean {
  const names = forms.flatMap(({ fields }) => fields.map((field) => field.name))
  const meant = wrong === undefined ? [] : names.filter((other) => other === wrong || other.endsWith(`.${wrong}`))
  return meant.length === 0 || meant.includes(name)
}

/** Where somebody goes on typing: at the field that is wrong, else at the first that is empty. */
function firstToFill(page: Page): Field | undefined {
  const fields = page.forms.flatMap((form) => form.fields).filter(({ type }) => type !== 'radio')
  const wrong = page.error === undefined || page.wrong === undefined ? undefined : fields.find((field) => isAbout(page, field))
  // Whoever may just go on is not led past that.
  const asks = page.error !== undefined || (page.forms[0]?.fields.length ?? 0) > 0
  return wrong ?? (asks ? fields.find(({ value = '' }) => value === '') : undefined)
}

function choice({ name, label, options = [], value }: Field, id: string, title: string): string {
  const chosen = value ?? options[0]?.value
  const items = options.map(
    (option, index) =>
      `<div class="option"><input type="radio" id="${escaped(id)}-${index}" name="${escaped(name)}" value="${escaped(option.value)}"${option.value === chosen ? ' checked' : ''} data-testid="${escaped(name)}-${escaped(option.value)}"><label for="${escaped(id)}-${index}">${escaped(option.label)}</label></div>`,
  )
  return `<fieldset class="field"><legend class="label${label === title ? ' unseen' : ''}">${escaped(label)}</legend>${items.join('')}</fieldset>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}
