import { roomOptions } from '../app.ts'
import { kebab, settings, UsageError } from '../config.ts'
import { command, parse, print } from './command.ts'
import { VERBS } from './verbs.ts'

/** `poolhouse completion bash|zsh|fish` */
export async function run(args: string[]): Promise<void> {
  const verb = command('completion', 'Print completion for a shell: source <(poolhouse completion bash).').argument(
    '<shell>',
    'bash, zsh or fish',
  )
  if (!parse(verb, args)) return
  const [shell = ''] = verb.args
  const print_ = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  if (print_ === undefined) throw new UsageError(`"${shell}" is none of ${Object.keys(SHELLS).join(', ')}`)
  print(
    print_(
      Object.keys(VERBS),
      settings(roomOptions).map(({ key }) => `--${kebab(key)}`),
    ),
  )
}

const SHELLS: Record<string, (verbs: string[], flags: string[]) => string> = {
  bash: (verbs, flags) => `_poolhouse() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${verbs.join(' ')} ${flags.join(' ')}" -- "$word"))
  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flags.join(' ')} --help" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -F _poolhouse poolhouse`,
  zsh: (verbs, flags) => `#compdef poolhouse
_poolhouse() {
  if (( CURRENT == 2 )); then compadd -- ${verbs.join(' ')} ${flags.join(' ')}
  elif [[ "$words[CURRENT]" == -* ]]; then compadd -- ${flags.join(' ')} --help
  else _files; fi
}
compdef _poolhouse poolhouse`,
  fish: (verbs, flags) =>
    [
      `complete -c poolhouse -n __fish_use_subcommand -f -a '${verbs.join(' ')}'`,
      ...flags.map((flag) => `complete -c poolhouse -l ${flag.slice(2)}`),
    ].join('\n'),
}
