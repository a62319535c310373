import { voice } from '../../src/cli/command.ts'
import { run } from '../../src/cli/verbs.ts'

/** A verb as the command line runs it, in this process: what it says, and its exit code. */
export async function poolhouse(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const { out, err } = voice
  const heard = { out: '', err: '', code: 0 }
  voice.out = (text) => {
    heard.out += text
  }
  voice.err = (text) => {
    heard.err += text
  }
  process.exitCode = undefined
  try {
    await run(args)
    return { ...heard, code: Number(process.exitCode ?? 0) }
  } finally {
    Object.assign(voice, { out, err })
    process.exitCode = undefined
  }
}
