import { appendFileSync } from 'node:fs'
import { UsageError } from '../config.ts'
import { DEFAULT_NAMESPACE, Emulator } from '../core/emulator.ts'
import { environment, FORMS, TARGETS, type Target } from '../environment.ts'
import { baseOf, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

/** `poolhouse env`: what to put in a shell so that clients come here. */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('env', 'Print the variables that send clients here: eval "$(poolhouse env)".'))
  verb
    .option('--for <client>', `${TARGETS.join(', ')}`, 'all')
    .option('--format <format>', `${Object.keys(FORMS).join(', ')}, json; shell, if --for does not say it`)
  if (!parse(verb, args)) return
  const { url, namespace = DEFAULT_NAMESPACE, for: target, format } = verb.opts<Record<string, string> & { url: string }>()
  if (!TARGETS.includes(target as Target)) throw new UsageError(`--for must be one of ${TARGETS.join(', ')}, not "${target}"`)
  if (!Emulator.allows(namespace)) throw new UsageError(`"${namespace}" cannot be a namespace: use a-z, 0-9 and inner hyphens, at most 63`)
  const base = baseOf(url)
  const variables = (await asked(base, namespace, target as Target)) ?? environment(placeOf(base, namespace), target as Target)
  const form = format ?? (target !== undefined && Object.hasOwn(FORMS, target) ? target : 'shell')
  if (form === 'json') return print(JSON.stringify(variables, undefined, 2))
  const line = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined
  if (line === undefined) throw new UsageError(`--format must be one of ${Object.keys(FORMS).join(', ')}, json, not "${format}"`)
  const lines = Object.entries(variables).map(([name, value]) => line(name, value))
  // A workflow's later steps read them from there.
  const { GITHUB_ENV } = process.env
  if (form === 'github' && GITHUB_ENV !== undefined) appendFileSync(GITHUB_ENV, `${lines.join('\n')}\n`)
  else print(lines.join('\n'))
}

/** One that runs knows its TLS port and whom to trust. */
async function asked(base: string, namespace: string, target: Target): Promise<Record<string, string> | undefined> {
  const headers = { 'x-poolhouse-namespace': namespace }
  try {
    const response = await fetch(`${base}/_/env?for=${target}`, { headers, signal: AbortSignal.timeout(1000) })
    return response.ok && response.headers.has('x-poolhouse-emulator') ? ((await response.json()) as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}

function placeOf(base: string, namespace: string): { url: string; namespace: string } {
  return { url: namespace === DEFAULT_NAMESPACE ? base : `${base}/~${namespace}`, namespace }
}
