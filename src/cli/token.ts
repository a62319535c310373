import { UsageError } from '../config.ts'
import { ask, reaching } from './client.ts'
import { actOf, command, complain, parse, print } from './command.ts'

const DEEDS: Record<string, (args: string[]) => Promise<void>> = { mint, inspect, expire, enqueue }

/** `poolhouse token mint|inspect|expire|enqueue` */
export async function run(args: string[]): Promise<void> {
  const [deed, ...rest] = args
  const known = Object.keys(DEEDS).join(', ')
  if (deed === undefined || deed === '--help' || deed === '-h') {
    return print(`Usage: poolhouse token ${known.replaceAll(', ', '|')} [options]; each says more with --help`)
  }
  const act = Object.hasOwn(DEEDS, deed) ? DEEDS[deed] : undefined
  await (act ?? actOf(Object.keys(DEEDS), deed))(rest)
}

function whose(name: string, description: string) {
  return reaching(command(`token ${name}`, description))
    .option('--user <name>', 'an id or login name')
    .option('--client <client>', "an id or a name; the pool's first, if not given")
    .option('--pool <id>', 'the user pool, where several have such a user')
}

type Options = Record<string, string | undefined>

function given({ user, client, pool }: Options): Options {
  return { user, client, pool }
}

async function mint(args: string[]): Promise<void> {
  const verb = whose('mint', 'Print a token of a user, with a signature that holds and a sign-in behind it.')
    .option('--expires <span>', 'from now: 5m, -1h for one that has expired')
    .option('--scope <scopes>', 'separated by spaces')
    .option('--claims <json>', 'over all others')
    .option('--use <use>', 'access, id or refresh', 'access')
    .option('--triggers', "ask the pool's PreTokenGeneration function, as a sign-in does")
    .option('--json', 'all of them, as data')
  if (!parse(verb, args)) return
  const { expires, scope, claims, use = '', json, triggers, ...rest } = verb.opts<Options>()
  if (!USES.includes(use)) wrongUse(use)
  if (rest.user === undefined) throw new UsageError('say whose: poolhouse token mint --user alice')
  const order = { ...given(rest), expires, scope, claims: claimsIn(claims), triggers: triggers !== undefined }
  const tokens = await ask<Record<string, string>>(verb, 'POST', '/tokens', order)
  if (tokens.triggers === 'passed over') complain("the pool's PreTokenGeneration function was not asked; --triggers has it asked")
  print(json === undefined ? String(tokens[`${use}Token`]) : JSON.stringify(tokens, undefined, 2))
}

const USES = ['access', 'id', 'refresh']

async function inspect(args: string[]): Promise<void> {
  const verb = reaching(command('token inspect', 'Say what a token says, and all that it is refused for; exit with 1 if it is.'))
    .argument('<token>')
    .option('--use <use>', 'access, id or refresh: what it is to be used as')
    .option('--client <id>', 'the client that it must have been issued to')
    .option('--scope <scope>', 'a scope that it must have')
  if (!parse(verb, args)) return
  const { use, client, scope } = verb.opts<Options>()
  const [token] = verb.args
  const found = await ask<{ kind: string; valid: boolean; claims?: object; problems: { rule: string; reason: string }[] }>(
    verb,
    'POST',
    '/tokens/inspect',
    { token, use, client, scope },
  )
  if (found.claims !== undefined) print(JSON.stringify(found.claims, undefined, 2))
  print(found.valid ? `a good ${found.kind} token` : found.problems.map(({ rule, reason }) => `${rule}: ${reason}`).join('\n'))
  if (!found.valid) process.exitCode = 1
}

async function expire(args: string[]): Promise<void> {
  const verb = whose('expire', 'Let tokens be as if their time were over: of one sign-in, or all of a user.').argument('[token]')
  if (!parse(verb, args)) return
  const [token] = verb.args
  if (token === undefined && verb.opts<Options>().user === undefined) {
    throw new UsageError('say a token of the sign-in, or whose they all are: poolhouse token expire --user alice')
  }
  const { expired } = await ask<{ expired: number }>(verb, 'POST', '/tokens/expire', { token, ...given(verb.opts<Options>()) })
  print(`${expired} sign-in${expired === 1 ? '' : 's'} expired`)
}

async function enqueue(args: string[]): Promise<void> {
  const verb = whose('enqueue', 'Have the next tokens say more, or other than they would.')
    .argument('<claims>', 'as JSON')
    .option('--use <use>', 'access or id; both, if not given')
    .option('--times <number>', 'how many times', '1')
  if (!parse(verb, args)) return
  const { use, times, ...rest } = verb.opts<Options>()
  if (!/^[1-9]\d*$/.test(times ?? '')) throw new UsageError(`--times must be a whole number from 1 up, not "${times}"`)
  await ask(verb, 'POST', '/tokens/enqueue', { ...given(rest), claims: claimsIn(verb.args[0]), use, times: Number(times) })
  print('the next tokens will say so')
}

function claimsIn(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`claims must be JSON, not ${text}`)
  }
}

function wrongUse(use: string): never {
  throw new UsageError(`--use must be access, id or refresh, not "${use}"`)
}
