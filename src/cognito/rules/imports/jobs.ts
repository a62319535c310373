import { DIGITS, LOWER, UPPER } from '../../../core/random.ts'
import { CognitoCall } from '../../call.ts'
import { type ImportJob, importJobs, importLogs, importParts, type Pool, pools, runningImport } from '../../records.ts'
import { columnsOf, HASH_COLUMN, splitRow } from './columns.ts'
import { importRow, type Outcome } from './rows.ts'

/** Kinds of due work: the next part of the running job; the end of one that nobody started. */
export const WORK = 'cognito.import'
export const EXPIRY = 'cognito.import-expiry'

const HOUR = 3_600_000

/** A job that nobody starts expires 24 to 48 hours after it was made (cognito-facts 202); here after the least of it. */
const EXPIRES_AFTER = 24 * HOUR

/** Milliseconds from one part to the next, so that others are served in between. */
const BREATH = 5

/** How many lines make a part: what is done at one go. */
export const PART = 50

export function newJobId(call: CognitoCall): string {
  return call.identifier(() => `import-${call.random.text(10, UPPER + LOWER + DIGITS)}`)
}

export function addJob(call: CognitoCall, pool: Pool, shown: ImportJob['shown']): ImportJob {
  call.later(call.now + EXPIRES_AFTER, EXPIRY, keyOf(pool.Id, shown.JobId))
  return importJobs.insert(call, pool.Id, shown.JobId, { shown, parts: 0, read: 0 })
}

/** (?) The service's sentence for a job that is not there. */
export function requireJob(call: CognitoCall, pool: Pool, id: string): ImportJob {
  return importJobs.get(call, pool.Id, id) ?? call.fail('ResourceNotFoundException', `Import job ${id} does not exist.`)
}

/** (?) Sentences of what keeps a job from starting or stopping; that these are PreconditionNotMetException is the contract's. */
const NOT = {
  created: (status: string) => `Import job cannot be started. Current status is ${status}`,
  running: (status: string) => `Import job cannot be stopped. Current status is ${status}`,
  uploaded: 'No file was uploaded for the import job.',
  verifying: 'The user pool does not have any auto verified attributes.',
  alone: 'Another import job is active in the account.',
} as const

export function startJob(call: CognitoCall, pool: Pool, id: string): ImportJob {
  const job = requireJob(call, pool, id)
  const refuse = (words: string) => call.fail('PreconditionNotMetException', words)
  if (job.shown.Status !== 'Created') refuse(NOT.created(job.shown.Status))
  if (runningImport.get(call, '', '') !== undefined) refuse(NOT.alone)
  if ((pool.AutoVerifiedAttributes ?? []).length === 0) refuse(NOT.verifying)
  if (job.upload === undefined) refuse(NOT.uploaded)

  call.cancelLater(EXPIRY, keyOf(pool.Id, id))
  runningImport.put(call, '', '', { pool: pool.Id, job: id })
  call.later(call.now, WORK, keyOf(pool.Id, id))
  return show(call, job, { Status: 'Pending', StartDate: call.seconds })
}

export function stopJob(call: CognitoCall, pool: Pool, id: string): ImportJob {
  const job = requireJob(call, pool, id)
  const { Status } = job.shown
  if (Status !== 'Pending' && Status !== 'InProgress') call.fail('PreconditionNotMetException', NOT.running(Status))

  call.cancelLater(WORK, keyOf(pool.Id, id))
  return finish(call, job, 'Stopped', 'The Import Job was stopped by the developer.')
}

/** Refuses a change of a pool into which users are being imported (X4). (?) The sentence. */
export function requireNoImport(call: CognitoCall, pool: Pool): void {
  if (runningImport.get(call, '', '')?.pool === pool.Id) {
    call.fail('UserImportInProgressException', 'User pool cannot be modified while a user import job is in progress.')
  }
}

/** Due: the job's header, or its next part. */
export function work(core: { context: CognitoCall['context'] }, { key }: { key: string }): void {
  const call = new CognitoCall(core.context, 'StartUserImportJob')
  const { pool, job } = find(call, key)
  if (pool === undefined || job === undefined) return
  if (job.header === undefined) begin(call, pool, job, key)
  else if (job.read < job.parts) readPart(call, pool, job, job.header, key)
}

/** Due: nobody started the job; its file is deleted. */
export function expire(core: { context: CognitoCall['context'] }, { key }: { key: string }): void {
  const call = new CognitoCall(core.context, 'StartUserImportJob')
  const { job } = find(call, key)
  if (job?.shown.Status === 'Created') {
    removeUpload(call, job)
    show(call, { ...job, upload: undefined, parts: 0 }, { Status: 'Expired' })
  }
}

function begin(call: CognitoCall, pool: Pool, job: ImportJob, key: string): void {
  const first = importParts.get(call, pool.Id, partKey(job.upload ?? '', 0))
  const header = splitRow(first?.lines[0] ?? '')
  if (!fits(pool, job, header)) {
    finish(call, job, 'Failed', WRONG_HEADER)
    return
  }
  const last = importParts.get(call, pool.Id, partKey(job.upload ?? '', job.parts - 1))
  if (last !== undefined && last.first + last.lines.length - 2 > MOST_ROWS) {
    finish(call, job, 'Failed', TOO_LONG)
    return
  }
  show(call, { ...job, header }, { Status: 'InProgress' })
  next(call, key)
}

/** How many users one file may hold (developer guide, importing users from a CSV file). */
const MOST_ROWS = 500_000

/** (?) Completion texts that the documentation does not give. */
const TOO_LONG = `The CSV file has more than ${MOST_ROWS} users.`
const WRONG_HEADER = 'The header row of the CSV file does not match the CSV header of the user pool.'

/** When a job has failed for its rows (cognito-facts 203). (?) How many are too many is not documented: here, all. */
const TOO_MANY = 'Too many users have failed or been skipped during the import.'

function readPart(call: CognitoCall, pool: Pool, job: ImportJob, header: readonly string[], key: string): void {
  const part = importParts.get(call, pool.Id, partKey(job.upload ?? '', job.read)) ?? { first: 1, lines: [] }
  const context = { pool, header, algorithm: job.shown.PasswordHashingAlgorithm }
  const counts: Record<Outcome, number> = { SUCCEEDED: 0, SKIPPED: 0, FAILED: 0 }
  const log: string[] = []
  for (const [index, line] of part.lines.entries()) {
    const number = part.first + index
    if (number === 1 || line.trim() === '') continue
    const { outcome, message } = importRow(call, context, line)
    counts[outcome]++
    log.push(`[${outcome}] Line Number ${number} - ${message}`)
  }
  importLogs.put(call, pool.Id, partKey(job.shown.JobId, job.read), { lines: log })
  importParts.remove(call, pool.Id, partKey(job.upload ?? '', job.read))

  const { ImportedUsers, SkippedUsers, FailedUsers } = job.shown
  const shown = {
    ImportedUsers: ImportedUsers + counts.SUCCEEDED,
    SkippedUsers: SkippedUsers + counts.SKIPPED,
    FailedUsers: FailedUsers + counts.FAILED,
  }
  const read = show(call, { ...job, read: job.read + 1 }, shown)
  if (read.read < read.parts) next(call, key)
  else if (shown.ImportedUsers === 0 && shown.FailedUsers + shown.SkippedUsers > 0) finish(call, read, 'Failed', TOO_MANY)
  else finish(call, read, 'Succeeded', undefined)
}

/** After a breath: from now, where time runs by itself, so that work never piles up; from the part's own time, where it is moved by hand. */
function next(call: CognitoCall, key: string): void {
  const { clock } = call.context.namespace
  call.later((clock.state.frozen === null ? clock.now() : call.now) + BREATH, WORK, key)
}

function finish(
  call: CognitoCall,
  job: ImportJob,
  Status: 'Succeeded' | 'Failed' | 'Stopped',
  CompletionMessage: string | undefined,
): ImportJob {
  runningImport.remove(call, '', '')
  removeUpload(call, job)
  return show(call, { ...job, upload: undefined }, { Status, CompletionMessage, CompletionDate: call.seconds })
}

function show(call: CognitoCall, job: ImportJob, changes: Partial<ImportJob['shown']>): ImportJob {
  const { UserPoolId, JobId } = job.shown
  return importJobs.put(call, UserPoolId, JobId, { ...job, shown: { ...job.shown, ...changes } })
}

function fits(pool: Pool, job: ImportJob, header: readonly string[]): boolean {
  const wanted = columnsOf(pool)
  const given = job.shown.PasswordHashingAlgorithm === undefined ? header : header.filter((name) => name !== HASH_COLUMN)
  return given.length === wanted.length && new Set(given).size === given.length && wanted.every((name) => given.includes(name))
}

/** A file arrives in parts, each filed by itself; it counts once `keepUpload` says so, in the place of an earlier one, if the job still waits. */
export function addPart(call: CognitoCall, pool: string, upload: string, index: number, part: { first: number; lines: string[] }): void {
  importParts.put(call, pool, partKey(upload, index), part)
}

export function keepUpload(call: CognitoCall, pool: string, id: string, upload: string, parts: number): void {
  const job = importJobs.get(call, pool, id)
  if (job?.shown.Status !== 'Created') {
    dropParts(call, pool, upload, parts)
    return
  }
  removeUpload(call, job)
  importJobs.put(call, pool, id, { ...job, upload, parts, read: 0 })
}

function removeUpload(call: CognitoCall, job: ImportJob): void {
  if (job.upload !== undefined) dropParts(call, job.shown.UserPoolId, job.upload, job.parts, job.read)
}

export function dropParts(call: CognitoCall, pool: string, upload: string, parts: number, from = 0): void {
  for (let index = from; index < parts; index++) importParts.remove(call, pool, partKey(upload, index))
}

/** The log of a job, one line for each line of its file that held a user. */
export function logOf(call: CognitoCall, pool: string, job: ImportJob): string[] {
  const parts = Array.from({ length: job.read }, (_, index) => importLogs.get(call, pool, partKey(job.shown.JobId, index)))
  return parts.flatMap((part) => part?.lines ?? [])
}

function partKey(of: string, index: number): string {
  return `${of} ${index}`
}

function keyOf(pool: string, job: string): string {
  return `${pool} ${job}`
}

function find(call: CognitoCall, key: string): { pool: Pool | undefined; job: ImportJob | undefined } {
  const [pool = '', job = ''] = key.split(' ')
  return { pool: pools.get(call, '', pool), job: importJobs.get(call, pool, job) }
}
