import { createHash } from 'node:crypto'

/** Markup that is safe as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | undefined | readonly Part[]

/** HTML in which every value is escaped that is not markup itself. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Markup {
  return new Markup(strings.map((text, index) => text + (index < values.length ? textOf(values[index]) : '')).join(''))
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function textOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (Array.isArray(part)) return part.map(textOf).join('')
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#f2f4f7;color:#16191f;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:60rem;margin:0 auto;padding:1rem}
main{padding-bottom:2rem}
h1{font-size:1.5rem;line-height:1.25}
h2{font-size:1.2rem;margin:0 0 .5rem}
section{margin:0 0 1rem;padding:1rem;background:#fff;border:1px solid #d5dbdb;border-radius:.5rem}
table{width:100%;border-collapse:collapse;margin:.5rem 0}
th,td{padding:.35rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid #e3e7ea;overflow-wrap:anywhere}
th{font-weight:600}
pre,code{font:.875rem/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.6rem .8rem;white-space:pre-wrap;background:#f6f8fa;border-radius:.4rem}
label{display:block;font-weight:600;margin:.5rem 0 .2rem}
input,textarea{width:100%;min-height:2.5rem;padding:.4rem .6rem;font:inherit;border:1px solid #687078;border-radius:.4rem}
button,.go{display:inline-block;min-height:2.5rem;margin:.75rem .5rem 0 0;padding:.45rem 1rem;font:inherit;font-weight:700;color:#fff;background:#0a5bb5;border:0;border-radius:.4rem;cursor:pointer;text-decoration:none}
a{color:#0a5bb5;overflow-wrap:anywhere}
.warn{padding:.6rem .8rem;border-radius:.4rem;background:#fdecea;color:#8a1409}
.good{padding:.6rem .8rem;border-radius:.4rem;background:#e6f4ea;color:#0b4f1e}
:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
@media (max-width:40rem){table,tbody,tr,th,td{display:block}thead{position:absolute;left:-999rem}}
`.trim()

/** A whole page, and the policy that it is sent with: nothing runs in it, nothing is fetched, nobody frames it. */
export function pageOf(title: string, base: string, content: Markup): { body: string; headers: Record<string, string> } {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Poolhouse</title>
<style>${new Markup(STYLE)}</style>
</head>
<body data-testid="page-debugger">
<header><a href="${base}/_/debugger" data-testid="clients">OAuth debugger</a></header>
<main>
<h1>${title}</h1>
${content}
</main>
<footer>Poolhouse, a local emulator. Walks are kept in memory only.</footer>
</body>
</html>
`
  const style = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
  const policy = ["default-src 'none'", `style-src '${style}'`, "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
  return {
    body: text,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      // Without any referrer browsers would not say either whose forms these are.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  }
}
