import { ask, reaching } from './client.ts'
import { command, parse, print } from './command.ts'

interface Sent {
  at: string
  channel: string
  to: string
  template: string
  username?: string
  code?: string
  link?: string
}

/** `poolhouse codes [user]`: what was sent to whom, newest last. */
export async function run(args: string[]): Promise<void> {
  const verb = reaching(command('codes', 'Show codes, temporary passwords and links that were sent.'))
    .argument('[user]', 'a login name or id')
    .option('--wait <time>', 'the next one or the newest, awaited for so long: 10s')
    .option('--only', 'print the newest code alone')
  if (!parse(verb, args)) return
  const { wait, only = false } = verb.opts<{ wait?: string; only?: boolean }>()
  const query = new URLSearchParams(verb.args[0] === undefined ? {} : { user: verb.args[0] })
  if (wait !== undefined) query.set('wait', wait)
  const sent =
    wait === undefined && !only
      ? await ask<Sent[]>(verb, 'GET', `/outbox?${query}`)
      : [await ask<Sent>(verb, 'GET', `/outbox/latest?${query}`)]
  if (only) return print(sent[0]?.code ?? sent[0]?.link ?? '')
  if (sent.length === 0) return print('nothing was sent')
  print(
    sent
      .map(({ at, channel, to, template, username, code, link }) =>
        [at, channel, to, username ?? '', template, code ?? link ?? ''].join('\t'),
      )
      .join('\n'),
  )
}
