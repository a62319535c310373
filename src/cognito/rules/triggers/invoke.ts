import { createHash, createHmac } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { wait } from '../../../core/clock.ts'
import type { Answer } from '../../../core/namespace.ts'
import type { Workers } from '../../../core/workers.ts'
import type { FunctionTarget } from '../../records.ts'
import { invokeCommand } from './command.ts'
import type { Invocation, Invoked } from './module-thread.ts'

/** What a handler asks: this function with this event. */
export interface TriggerQuestion {
  arn: string
  target: FunctionTarget
  event: unknown
  requestId: string
  /** Milliseconds for each try. */
  limit: number
}

/** How it went. `output` is undefined where it was no JSON. */
export type TriggerAnswer =
  | { output: unknown }
  /** The function threw, with this text. */
  | { failed: string }
  /** It could not be invoked. */
  | { broken: string }
  | { late: true }

/** The service tries a function that does not answer in time three times (H3). */
const TRIES = 3

export function triggerAnswers(workers: Workers): Record<string, Answer> {
  return {
    'cognito.trigger': async (question: TriggerQuestion): Promise<TriggerAnswer> => {
      let answer: TriggerAnswer = { late: true }
      for (let tries = 0; tries < TRIES && 'late' in answer; tries++) answer = await invoke(workers, question)
      return answer
    },
  }
}

function invoke(workers: Workers, question: TriggerQuestion): Promise<TriggerAnswer> {
  const { target } = question
  if ('module' in target) return invokeModule(workers, question, target.module)
  if ('command' in target) {
    const { arn } = question
    return invokeCommand(target, { ...question, name: nameOf(arn), region: arn.split(':')[3] ?? '' }, workers.stopped)
  }
  return 'url' in target ? post(question, target.url, {}) : invokeLambda(question, target.lambda)
}

async function invokeModule(workers: Workers, { arn, event, requestId, limit }: TriggerQuestion, file: string): Promise<TriggerAnswer> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return { broken: `there is no module ${file} for ${arn}` }
  const script = new URL(import.meta.url.endsWith('.ts') ? './module-thread.ts' : './module-thread.js', import.meta.url)
  const payload: Invocation = { file, event, context: contextOf(arn, requestId), limit }
  const ran = await workers.threads.run<Invoked>(script, { owner: file, version: String(found.mtimeMs), payload, limit })
  if ('late' in ran) return ran
  // Lambda's own words for a process that ended under its handler.
  if ('died' in ran) return { failed: `RequestId: ${requestId} Error: Runtime exited with error: ${ran.died}` }
  return 'errorMessage' in ran.answer ? { failed: ran.answer.errorMessage } : { output: parse(ran.answer.output) }
}

function contextOf(arn: string, requestId: string): Record<string, unknown> {
  const name = nameOf(arn)
  return {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: '128',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: '',
  }
}

async function invokeLambda(question: TriggerQuestion, endpoint: string): Promise<TriggerAnswer> {
  const { arn, event } = question
  const [, , , region = '', , , , qualifier] = arn.split(':')
  const url = new URL(`${endpoint}/2015-03-31/functions/${encodeURIComponent(nameOf(arn))}/invocations`)
  if (qualifier !== undefined) url.searchParams.set('Qualifier', qualifier)
  const signature = signed(url, JSON.stringify(event), region)
  return post(question, url.href, { 'x-amz-invocation-type': 'RequestResponse', ...signature })
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` */
function nameOf(arn: string): string {
  return arn.split(':')[6] ?? arn
}

async function post({ event, limit }: TriggerQuestion, url: string, headers: Record<string, string>): Promise<TriggerAnswer> {
  const [late, over] = [new AbortController(), new AbortController()]
  void wait(limit, over.signal).then(() => late.abort())
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(event),
      signal: late.signal,
    })
    const text = await response.text()
    const output = parse(text)
    const told = typeof output === 'object' && output !== null ? (output as { errorMessage?: unknown }).errorMessage : undefined
    if (response.headers.has('x-amz-function-error') || (told !== undefined && !('response' in (output as object)))) {
      return { failed: String(told ?? text) }
    }
    return response.ok ? { output } : { broken: `${url} answered ${response.status}` }
  } catch (error) {
    if (late.signal.aborted) return { late: true }
    const { cause, message } = error as Error & { cause?: Error }
    return { broken: `${url}: ${cause?.message || (cause as NodeJS.ErrnoException | undefined)?.code || message}` }
  } finally {
    over.abort()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const ACCESS_KEY = 'test'
const SECRET_KEY = 'test'

/** A real signature (version 4) of the account that emulators know; some read region and account from it. */
function signed(url: URL, body: string, region: string): Record<string, string> {
  // The moment is for the receiver's eyes only: emulators of Lambda do not compare it with a clock.
  const stamp = '20260101T000000Z'
  const scope = `${stamp.slice(0, 8)}/${region}/lambda/aws4_request`
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  // A path is encoded once more to be signed.
  const path = url.pathname.split('/').map(encodeURIComponent).join('/')
  const canonical = ['POST', path, url.search.slice(1), `host:${url.host}`, `x-amz-date:${stamp}`, '', 'host;x-amz-date', sha(body)]
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha(canonical.join('\n'))].join('\n')
  const key = [region, 'lambda', 'aws4_request'].reduce(hmac, hmac(`AWS4${SECRET_KEY}`, stamp.slice(0, 8)))
  const signature = hmac(key, text).toString('hex')
  return {
    'x-amz-date': stamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  }
}
