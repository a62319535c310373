import { UsageError } from '../config.ts'
import { command, parse, print, voice } from './command.ts'
import { VERBS } from './verbs.ts'

/** What can follow a verb. */
interface Words {
  verb: string
  describe: string
  /** What stands right behind it. */
  acts: readonly string[]
  flags: readonly Flag[]
}

interface Flag {
  name: string
  /** It takes a value. */
  value: boolean
}

/** Verbs whose first word is one of a few. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  clock: ['set', 'advance', 'freeze', 'run', 'real'],
  completion: ['bash', 'zsh', 'fish'],
  contract: ['report', 'merge', 'drift'],
  list: ['cognito', 'yandex', 'harmony'],
  snapshot: ['save', 'load', 'list', 'drop'],
  token: ['mint', 'inspect', 'expire', 'enqueue'],
}
/** Those whose words have flags of their own. */
const DEEDS = ['contract', 'token']

/** `poolhouse completion bash|zsh|fish` */
export async function run(args: string[]): Promise<void> {
  const verb = command('completion', 'Print completion for a shell: source <(poolhouse completion bash).').argument(
    '<shell>',
    'bash, zsh or fish',
  )
  if (!parse(verb, args)) return
  const [shell = ''] = verb.args
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (script === undefined) throw new UsageError(`"${shell}" is none of ${Object.keys(SHELLS).join(', ')}`)
  print(script(await words()))
}

/** As each verb's own help has it. */
async function words(): Promise<Words[]> {
  const all: Words[] = []
  for (const [verb, { describe, load }] of Object.entries(VERBS)) {
    const { run } = verb === 'completion' ? { run: undefined } : await load()
    const deeds = DEEDS.includes(verb) ? (ACTS[verb] ?? []).map((deed) => [deed]) : [[]]
    const flags = new Map<string, Flag>()
    for (const deed of deeds) for (const flag of flagsIn(await helpOf(run, deed))) flags.set(flag.name, flag)
    flags.set('--help', { name: '--help', value: false })
    all.push({ verb, describe, acts: ACTS[verb] ?? [], flags: [...flags.values()] })
  }
  return all
}

async function helpOf(run: ((args: string[]) => Promise<void>) | undefined, deed: readonly string[]): Promise<string> {
  const { out } = voice
  let text = ''
  voice.out = (part) => {
    text += part
  }
  try {
    await run?.([...deed, '--help'])
    return text
  } finally {
    voice.out = out
  }
}

function flagsIn(help: string): Flag[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)( <)?/gm)].map(([, name = '', value]) => ({ name, value: value !== undefined }))
}

const named = (flags: readonly Flag[]) => flags.map(({ name }) => name).join(' ')
const verbsOf = (all: readonly Words[]) => all.map(({ verb }) => verb).join(' ')
const START = 'start'

/** The flags of `start` stand behind no verb, too. */
function startOf(all: readonly Words[]): readonly Flag[] {
  return all.find(({ verb }) => verb === START)?.flags ?? []
}

const SHELLS: Readonly<Record<string, (all: readonly Words[]) => string>> = {
  bash: (all) => `_poolhouse() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}" acts="" flags="" values=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbsOf(all)} ${named(startOf(all))} --version" -- "$word"))
    return
  fi
  case "$verb" in
${all
  .map(
    ({ verb, acts, flags }) =>
      `    ${verb === START ? `${START}|-*` : verb}) acts="${acts.join(' ')}"; flags="${named(flags)}"; values="${named(flags.filter(({ value }) => value))}" ;;`,
  )
  .join('\n')}
  esac
  if [[ " $values " == *" $before "* ]]; then COMPREPLY=($(compgen -f -- "$word"))
  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [ -n "$acts" ] && [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "$acts" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _poolhouse poolhouse`,
  zsh: (all) => `#compdef poolhouse
_poolhouse() {
  local -a acts flags values
  if (( CURRENT == 2 )); then
    compadd -- ${verbsOf(all)}
    [[ "$PREFIX" == -* ]] && compadd -- ${named(startOf(all))} --version
    return 0
  fi
  case "$words[2]" in
${all
  .map(
    ({ verb, acts, flags }) =>
      `    ${verb === START ? `${START}|-*` : verb}) acts=(${acts.join(' ')}); flags=(${named(flags)}); values=(${named(flags.filter(({ value }) => value))}) ;;`,
  )
  .join('\n')}
  esac
  if (( $values[(Ie)$words[CURRENT-1]] )); then _files
  elif [[ "$PREFIX" == -* ]]; then compadd -- $flags
  elif (( $#acts && CURRENT == 3 )); then compadd -- $acts
  else _files; fi
}
if [ "$funcstack[1]" = "_poolhouse" ]; then _poolhouse "$@"; else compdef _poolhouse poolhouse; fi`,
  fish: (all) =>
    all
      .flatMap(({ verb, describe, acts, flags }) => {
        const seen = `__fish_seen_subcommand_from ${verb}`
        const here = verb === START ? `'__fish_use_subcommand; or ${seen}'` : `'${seen}'`
        return [
          `complete -c poolhouse -n __fish_use_subcommand -f -a ${verb} -d '${describe.replaceAll("'", '’').replaceAll('`', '')}'`,
          ...(acts.length === 0
            ? []
            : [`complete -c poolhouse -n '${seen}; and not __fish_seen_subcommand_from ${acts.join(' ')}' -f -a '${acts.join(' ')}'`]),
          ...flags.map(({ name, value }) => `complete -c poolhouse -n ${here} -l ${name.slice(2)}${value ? ' -r' : ''}`),
        ]
      })
      .join('\n'),
}
