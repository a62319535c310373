import type { Command } from 'commander'
import { roomOptions } from '../app.ts'
import {
  type Decided,
  decide,
  fromDocument,
  fromEnvironment,
  fromFlags,
  kebab,
  readDocument,
  refuseSilentExposure,
  settings,
} from '../config.ts'
import { parse } from './command.ts'

/** Adds to a verb every setting as a flag. */
export function configurable(command: Command): Command {
  command.option('--config <file>', 'a config file by another name than poolhouse.config.yaml')
  for (const { key, value, describe, fallback, negative } of settings(roomOptions)) {
    const silent =
      fallback === undefined || fallback === false || (typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0)
    const flag = value === undefined ? `--${kebab(key)}` : `--${kebab(key)} ${value}`
    const shown = typeof fallback === 'object' ? JSON.stringify(fallback) : fallback
    command.option(flag, silent ? describe : `${describe} (default: ${shown})`)
    if (negative !== undefined) command.option(`--${negative}`, 'none of it')
  }
  return command
}

/** Arguments, environment and file as one Config; nothing if all that was wanted was the help. `own` are the verb's other flags. */
export async function configure(
  command: Command,
  args: readonly string[],
  own: readonly string[] = [],
  env = process.env,
  folder = process.cwd(),
): Promise<Decided | undefined> {
  if (!parse(command, args)) return undefined
  const known = settings(roomOptions)
  const { config: asked, ...all } = command.opts<Record<string, unknown> & { config?: string }>()
  const given = Object.fromEntries(Object.entries(all).filter(([key]) => !own.includes(key)))
  const found = await readDocument(folder, asked ?? env.POOLHOUSE_CONFIG)
  const decided = decide(known, [
    fromFlags(given),
    fromEnvironment(known, env),
    ...(found === undefined ? [] : [fromDocument(known, found.document, found.file)]),
  ])
  refuseSilentExposure(decided)
  return decided
}
