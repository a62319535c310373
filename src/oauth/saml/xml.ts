/** An element as text; attributes that are undefined are left out. Children are elements already, or texts made by `text`. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly (string | undefined)[] = [],
): string {
  const pairs = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const inside = children.filter((child) => child !== undefined).join('')
  const start = [name, ...pairs.map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ')
  return inside === '' ? `<${start}/>` : `<${start}>${inside}</${name}>`
}

/** Characters that XML cannot hold at all are left out. */
export function text(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones.
  return escaped(value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

function escaped(value: string): string {
  return value.replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] as string)
}

/** Epoch milliseconds as SAML writes moments. */
export function moment(at: number): string {
  return new Date(at).toISOString()
}
