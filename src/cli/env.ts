import { UsageError } from '../config.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { environment, TARGETS, type Target } from '../environment.ts'
import { reaching } from './client.ts'
import { command, parse, print } from './command.ts'

const FORMATS: Record<string, (name: string, value: string) => string> = {
  shell: (name, value) => `export ${name}='${value}'`,
  dotenv: (name, value) => `${name}=${value}`,
  powershell: (name, value) => `$env:${name} = '${value}'`,
}

/** `poolhouse env`: what to put in a shell so that clients come here. */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('env', 'Print the variables that send clients here: eval "$(poolhouse env)".'))
  verb
    .option('--for <client>', `${TARGETS.join(', ')}`, 'all')
    .option('--format <format>', `${Object.keys(FORMATS).join(', ')}, json`, 'shell')
  if (!parse(verb, args)) return
  const { url, namespace = DEFAULT_NAMESPACE, for: target, format } = verb.opts<Record<string, string> & { url: string }>()
  if (!TARGETS.includes(target as Target)) throw new UsageError(`--for must be one of ${TARGETS.join(', ')}, not "${target}"`)
  const base = url.replace(/\/+$/, '')
  const place = { url: namespace === DEFAULT_NAMESPACE ? base : `${base}/~${namespace}`, namespace }
  const variables = environment(place, target as Target)
  if (format === 'json') return print(JSON.stringify(variables, undefined, 2))
  const line = Object.hasOwn(FORMATS, format ?? '') ? FORMATS[format ?? ''] : undefined
  if (line === undefined) throw new UsageError(`--format must be one of ${Object.keys(FORMATS).join(', ')}, json, not "${format}"`)
  for (const [name, value] of Object.entries(variables)) print(line(name, value))
}
