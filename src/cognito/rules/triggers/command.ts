import { type ChildProcess, spawn } from 'node:child_process'
import { wait } from '../../../core/clock.ts'
import type { TriggerAnswer } from './invoke.ts'

/** A program that answers for a function: its words as they are, for no shell reads them, and where it runs. */
export interface CommandTarget {
  command: readonly string[]
  folder: string
}

/** What a program sees of the emulator's own environment: nothing that it was not started for. */
const HANDED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot']

/** The largest answer that a function may give (Lambda quotas). */
const LARGEST = 6_291_556
const MOST_COMPLAINT = 8192

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
  complaint: string
}

/** The event on its standard input, the answer on its standard output; what it complains of is for people's eyes, as a function's log is. */
export async function invokeCommand(
  { command: [program = '', ...args], folder }: CommandTarget,
  { event, requestId, limit, name, region }: { event: unknown; requestId: string; limit: number; name: string; region: string },
  stopped: AbortSignal,
): Promise<TriggerAnswer> {
  if (stopped.aborted) return { late: true }
  const env = {
    ...Object.fromEntries(HANDED_ON.filter((key) => process.env[key] !== undefined).map((key) => [key, process.env[key]])),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_REGION: region,
  }
  const child = spawn(program, args, { cwd: folder, env, shell: false, stdio: 'pipe', windowsHide: true })
  const over = new AbortController()
  try {
    const ended = await Promise.race([
      end(child, JSON.stringify(event)),
      wait(limit, AbortSignal.any([over.signal, stopped])).then(() => 'late' as const),
    ])
    if (ended === 'late') return { late: true }
    return 'broken' in ended ? { broken: `${program}: ${ended.broken}` } : told(ended, requestId)
  } finally {
    over.abort()
    child.kill('SIGKILL')
    // What it left running may hold the other ends.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
  }
}

function told({ code, signal, output, complaint }: Ended, requestId: string): TriggerAnswer {
  const answer = parse(output)
  const error = typeof answer === 'object' && answer !== null ? (answer as { errorMessage?: unknown }).errorMessage : undefined
  if (code === 0) return error !== undefined && !('response' in (answer as object)) ? { failed: String(error) } : { output: answer }
  const last = complaint.trim().split('\n').at(-1)?.trim()
  // Lambda's own words for a process that ended under its handler.
  const ended = `RequestId: ${requestId} Error: Runtime exited with error: ${code === null ? `signal: ${signal}` : `exit status ${code}`}`
  return { failed: error === undefined ? last || ended : String(error) }
}

function end(child: ChildProcess, event: string): Promise<Ended | { broken: string }> {
  return new Promise((resolve) => {
    const [output, complaint]: [Buffer[], Buffer[]] = [[], []]
    let [size, held] = [0, 0]
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ broken: error.code ?? error.message }))
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST) resolve({ broken: `its answer is larger than ${LARGEST} bytes` })
      else output.push(chunk)
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk)
      complaint.push(chunk)
      // Only the end of it is shown to anybody: a program may complain as fast as it can until its time is up.
      for (held += chunk.length; held - (complaint[0]?.length ?? held) >= MOST_COMPLAINT; ) held -= complaint.shift()?.length ?? 0
    })
    // A program need not read its event.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(event)
    child.on('close', (code, signal) => {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8')
      resolve({ code, signal, output: text(output), complaint: text(complaint).slice(-MOST_COMPLAINT) })
    })
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
