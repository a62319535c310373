const BROWSERS: readonly [pattern: RegExp, name: string][] = [
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+(?:\.\d+)?).*\bSafari\//, 'Safari'],
]

const SYSTEMS: readonly [pattern: RegExp, name: string][] = [
  [/\bWindows NT (\d+)/, 'Windows'],
  [/\b(?:iPhone OS|CPU OS) (\d+(?:_\d+)?)/, 'iOS'],
  [/\bMac OS X (\d+(?:[._]\d+)?)/, 'macOS'],
  [/\bAndroid (\d+(?:\.\d+)?)/, 'Android'],
  [/\bLinux\b()/, 'Linux'],
]

const UNKNOWN = 'unknown'

/** Browser and system that a user agent names, as session lists print them: `Chrome 125 / macOS 15.0`, or `unknown`. */
export function deviceType(agent: string): string {
  const known = [named(BROWSERS, agent), named(SYSTEMS, agent)].filter((name) => name !== undefined)
  return known.length === 0 ? UNKNOWN : known.join(' / ')
}

function named(table: typeof BROWSERS, agent: string): string | undefined {
  for (const [pattern, name] of table) {
    const [, version] = pattern.exec(agent) ?? []
    if (version !== undefined) return `${name} ${version.replace('_', '.')}`.trim()
  }
  return undefined
}
