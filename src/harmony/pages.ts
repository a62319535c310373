const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

/** What the links of Auth0's mails open; `content` is HTML. */
export function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}label,input,button{display:block;width:100%;box-sizing:border-box;margin:.5rem 0;font:inherit;padding:.4rem}</style>
<h1>${escaped(title)}</h1>
${content}
</html>
`
}

/** The way back to the application that asked for the mail, if Harmony knows it and where it lives. */
export function wayBack(name: string | undefined, url: string | undefined): string {
  if (name === undefined || url === undefined || !/^https?:/i.test(url)) return ''
  return `<p><a href="${escaped(url)}">Back to ${escaped(name)}</a></p>`
}
