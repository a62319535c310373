import { homedir } from 'node:os'
import { roomOptions } from '../app.ts'
import { kebab, settings, variable } from '../config.ts'
import { command, print } from './command.ts'
import { configurable, configure } from './configure.ts'

/** `poolhouse config`: what a start with these arguments, here and now, would use. */
export async function run(args: string[]): Promise<void> {
  const verb = configurable(command('config', 'Show what `poolhouse start` with the same options would use.'))
  verb.option('--explain', 'where each value comes from, and its other names').option('--schema', 'a JSON Schema of the config file')
  verb.option('--markdown', 'all there is, as a page')
  if (args.includes('--markdown')) return print(settingsPage())
  if (args.includes('--schema')) return print(JSON.stringify(schema(), undefined, 2))
  const decided = await configure(verb, args, ['explain', 'schema', 'markdown'])
  if (decided === undefined) return
  const explain = verb.opts<{ explain?: boolean }>().explain === true
  for (const { key, room, roomKey } of settings(roomOptions)) {
    const { config } = decided
    const value = room === undefined ? config[key as keyof typeof config] : config.rooms[room]?.[roomKey ?? '']
    const line = `${key}: ${value === undefined ? '-' : JSON.stringify(value)}`
    print(explain ? `${line.padEnd(48)} ${(decided.sources[key] ?? '').padEnd(28)} --${kebab(key)}, ${variable(key)}` : line)
  }
}

/** For editors: keys, what they are for, and what may be their values; the rest is checked at the start. */
function schema(): object {
  const properties = settings(roomOptions).map(({ key, describe, fallback, parse }) => [
    key,
    {
      description: describe,
      ...parse.schema,
      ...(fallback === undefined ? {} : { default: fallback }),
    },
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'poolhouse.config',
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}

/** docs/settings.md: one table of all settings, from where they are declared. */
export function settingsPage(): string {
  const rows = settings(roomOptions).map(({ key, value, describe, fallback, negative }) => {
    const flags = [`\`--${kebab(key)}${value === undefined ? '' : ` ${value}`}\``, ...(negative === undefined ? [] : [`\`--${negative}\``])]
    const standard = fallback === undefined ? '' : `\`${JSON.stringify(fallback).replace(homedir(), '~')}\``
    return [flags.join(', '), `\`${variable(key)}\``, `\`${key}\``, standard, describe].map((cell) => cell.replaceAll('|', '\\|'))
  })
  const head = ['flag', 'variable', 'config file', 'default', '']
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '# Settings',
    '',
    '<!-- Made from the source: poolhouse config --markdown > docs/settings.md -->',
    '',
    'Flags win over variables, variables over `poolhouse.config.{yaml,json,js}`, and that over defaults. `start()` takes them by their keys.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
  ].join('\n')
}
