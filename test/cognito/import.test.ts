import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { argon2id } from '@noble/hashes/argon2.js'
import bcrypt from 'bcryptjs'
import { type Test, test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { attributesOf, refuses } from '../support/cognito.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { addClient, makeWorld, PASSWORD, signIn, type World } from '../support/sign-in.ts'

const NOW = START / 1000
const HOUR = 3_600_000
const ROLE = 'arn:aws:iam::000000000000:role/logs'
const KMS = { 'x-amz-server-side-encryption': 'aws:kms' }
type Job = NonNullable<Operations['DescribeUserImportJob']['output']['UserImportJob']>

const STANDARD = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'email_verified',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
  'phone_number_verified',
  'address',
  'updated_at',
]

/** A file of these rows, each as values by column. */
function csv(columns: string[], rows: Record<string, string>[]): string {
  return [columns.join(','), ...rows.map((row) => columns.map((name) => row[name] ?? '').join(','))].join('\n')
}

async function makeJob(idp: TestEmulator, { pool }: World, more: Partial<Operations['CreateUserImportJob']['input']> = {}): Promise<Job> {
  const input = { UserPoolId: pool, JobName: 'job', CloudWatchLogsRoleArn: ROLE, ...more }
  return (await idp.cognito.CreateUserImportJob(input)).UserImportJob as Job
}

function put(idp: TestEmulator, job: Job, body: string, headers: Record<string, string> = KMS) {
  return idp.request('PUT', (job.PreSignedUrl as string).replace(/^http:\/\/[^/]+/, ''), body, headers)
}

function idOf({ UserPoolId = '', JobId = '' }: Job) {
  return { UserPoolId, JobId }
}

async function describe(idp: TestEmulator, job: Job): Promise<Job> {
  return (await idp.cognito.DescribeUserImportJob(idOf(job))).UserImportJob as Job
}

/** Uploads, starts and lets time pass until it is done; answers the job and its log. */
async function importAll(idp: TestEmulator, job: Job, file: string): Promise<{ done: Job; log: string[] }> {
  await put(idp, job, file)
  await idp.cognito.StartUserImportJob(idOf(job))
  idp.clock.advance(HOUR)
  const done = await describe(idp, job)
  const { body } = await idp.request('GET', `/cognito/user-import/${job.UserPoolId}/${job.JobId}/log`)
  return { done, log: String(body).split('\n').slice(0, -1) }
}

test('user import', async (t) => {
  const idp = await emulator(t)
  const Schema = [{ Name: 'level', AttributeDataType: 'Number' as const }]
  const world = await makeWorld(idp, {
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' },
    Schema,
    AliasAttributes: ['email'],
  })
  const columns = [...STANDARD, 'custom:level', 'cognito:mfa_enabled', 'cognito:username']
  const user = (name: string, more: Record<string, string> = {}) => ({
    'cognito:username': name,
    'cognito:mfa_enabled': 'FALSE',
    email: `${name}@example.com`,
    email_verified: 'TRUE',
    ...more,
  })

  await t.test('GetCSVHeader answers the columns in order (X1)', async (t) => {
    t.strictSame(await idp.cognito.GetCSVHeader({ UserPoolId: world.pool }), { UserPoolId: world.pool, CSVHeader: columns })
  })

  await t.test('CreateUserImportJob, StartUserImportJob: from Created over Pending and InProgress to Succeeded (X1)', async (t) => {
    const job = await makeJob(idp, world)
    t.match(job.JobId, /^import-[0-9A-Za-z]{10}$/)
    t.match(job.PreSignedUrl, `/cognito/user-import/${world.pool}/${job.JobId}?`)
    const { JobId, PreSignedUrl, ...rest } = job
    t.strictSame(rest, {
      JobName: 'job',
      UserPoolId: world.pool,
      CreationDate: NOW,
      Status: 'Created',
      CloudWatchLogsRoleArn: ROLE,
      ImportedUsers: 0,
      SkippedUsers: 0,
      FailedUsers: 0,
    })
    t.strictSame(await describe(idp, job), job)
    const file = csv(columns, [
      user('ada', { name: 'Ada\\, Countess', birthdate: '12/10/1815', 'custom:level': '5', updated_at: '1471453471', nickname: ' A ' }),
    ])
    const { status, body } = await put(idp, job, `${file}\r\n`)
    t.strictSame([status, body], [200, ''])
    const started = await idp.cognito.StartUserImportJob(idOf(job))
    t.strictSame(started.UserImportJob, { ...job, Status: 'Pending', StartDate: NOW })
    t.equal((await describe(idp, job)).Status, 'InProgress')
    idp.clock.advance(1000)
    const done = await describe(idp, job)
    t.match(done, { Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 0, FailedUsers: 0, StartDate: NOW })
    t.ok((done.CompletionDate as number) > NOW)

    const { sub, ...attributes } = await attributesOf(idp, world.pool, 'ada@example.com')
    t.strictSame(attributes, {
      name: 'Ada, Countess',
      nickname: 'A',
      email: 'ada@example.com',
      email_verified: 'true',
      birthdate: '12/10/1815',
      updated_at: '1471453471',
      'custom:level': '5',
    })
    t.match(await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' }), { UserStatus: 'RESET_REQUIRED', Enabled: true })
  })

  await t.test('tells a discreet client no more of an imported user than of nobody (L3)', async (t) => {
    const discreet = await addClient(idp, world.pool, { PreventUserExistenceErrors: 'ENABLED' })
    await refuses(t, signIn(idp, discreet, 'ada'), 'NotAuthorizedException', 'Incorrect username or password.')
  })

  await t.test('an imported user sets a password by the code to the verified contact', async (t) => {
    await refuses(t, signIn(idp, world, 'ada'), 'PasswordResetRequiredException', 'Password reset required for the user')
    await idp.cognito.ForgotPassword({ ClientId: world.client, Username: 'ada' })
    const ConfirmationCode = idp.outbox.latest()?.code as string
    await idp.cognito.ConfirmForgotPassword({ ClientId: world.client, Username: 'ada', Password: PASSWORD, ConfirmationCode })
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  await t.test('says of each line what became of it (X2, X3)', async (t) => {
    const unverified = 'The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).'
    const mfa = 'The cognito:mfa_enabled value is not true or false, or does not fit the MFA configuration of the user pool.'
    const rows: [row: Record<string, string> | string, outcome: string, message: string][] = [
      [user('bob'), 'SUCCEEDED', 'The import succeeded.'],
      [user('bob', { email: 'other@example.com' }), 'SKIPPED', 'The user already exists.'],
      [user('ada', { email: 'third@example.com' }), 'SKIPPED', 'The user already exists.'],
      [user('carol', { email_verified: 'FALSE' }), 'FAILED', unverified],
      [user('carol', { email_verified: '' }), 'FAILED', unverified],
      [user('dan', { email: 'bob@example.com' }), 'FAILED', 'An account with the email already exists.'],
      [user('eve', { email: 'eve' }), 'FAILED', 'Invalid email address format.'],
      [user('eve', { email: '' }), 'FAILED', 'The email_verified value is true without a value for email.'],
      [user('eve', { email_verified: 'yes' }), 'FAILED', 'The email_verified value is not true or false.'],
      [user('eve', { 'cognito:mfa_enabled': '' }), 'FAILED', mfa],
      [user('eve', { 'cognito:mfa_enabled': 'TRUE' }), 'FAILED', mfa],
      [user('eve', { birthdate: '1815-12-10' }), 'FAILED', 'The birthdate value is not in the format mm/dd/yyyy.'],
      [
        user('eve', { 'custom:level': 'high' }),
        'FAILED',
        'Attributes did not conform to the schema: custom:level: Attribute value must be a number',
      ],
      [user(''), 'FAILED', 'The cognito:username value is missing or contains white space.'],
      [user('e ve', { email: 'e@example.com' }), 'FAILED', 'The cognito:username value is missing or contains white space.'],
      [user('eve', { name: 'x'.repeat(16_000) }), 'FAILED', 'The row is longer than 16000 characters.'],
      ['eve,FALSE', 'FAILED', 'The number of values does not match the header.'],
      [
        user('phone', { email: '', email_verified: '', phone_number: '+15555550100', phone_number_verified: 'true' }),
        'SUCCEEDED',
        'The import succeeded.',
      ],
      [user('"quoted"', { email: 'quoted@example.com' }), 'SUCCEEDED', 'The import succeeded.'],
    ]
    // The order of columns does not matter, nor does an empty line, but lines are counted.
    const order = [...columns].reverse()
    const lines = rows.map(([row]) => (typeof row === 'string' ? row : csv(order, [row]).split('\n')[1]))
    const job = await makeJob(idp, world)
    const { done, log } = await importAll(idp, job, [order.join(','), '', ...lines].join('\n'))
    t.strictSame(
      log,
      rows.map(([, outcome, message], index) => `[${outcome}] Line Number ${index + 3} - ${message}`),
    )
    const count = (outcome: string) => rows.filter(([, is]) => is === outcome).length
    t.match(done, {
      Status: 'Succeeded',
      ImportedUsers: count('SUCCEEDED'),
      SkippedUsers: count('SKIPPED'),
      FailedUsers: count('FAILED'),
    })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: '"quoted"' })).Username, '"quoted"')
  })

  await t.test('fails when every user failed or was skipped (X3)', async (t) => {
    const { done } = await importAll(idp, await makeJob(idp, world), csv(columns, [user('bob')]))
    t.match(done, { Status: 'Failed', CompletionMessage: 'Too many users have failed or been skipped during the import.', SkippedUsers: 1 })
  })

  await t.test('fails when the header is not the pool’s (X2)', async (t) => {
    for (const header of [columns.slice(1), [...columns, 'extra'], [...columns.slice(1), 'email'], ['\ufeffname', ...columns.slice(1)]]) {
      const { done } = await importAll(idp, await makeJob(idp, world), csv(header, [user('zoe')]))
      t.match(done, { Status: 'Failed', ImportedUsers: 0, CompletionMessage: /header row/ })
    }
  })

  await t.test('fails when the file has more than 500,000 users (X2)', async (t) => {
    const job = await makeJob(idp, world)
    await put(idp, job, csv(columns, [user('zoe')]))
    // As if the lines before it had come in other parts.
    idp.app.emulator.namespace().store.run(`UPDATE record SET doc = json_set(doc, '$.first', 500001) WHERE kind = 'cognito.import-part'`)
    await idp.cognito.StartUserImportJob(idOf(job))
    idp.clock.advance(HOUR)
    t.match(await describe(idp, job), { Status: 'Failed', ImportedUsers: 0, CompletionMessage: 'The CSV file has more than 500000 users.' })
  })

  await t.test('names users by e-mail where the pool does', async (t) => {
    const byEmail = await makeWorld(idp, { AutoVerifiedAttributes: ['email'], UsernameAttributes: ['email'] })
    const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username']
    const row = { ...user('x'), 'cognito:username': 'ada@example.com', email: 'ada@example.com' }
    const { log } = await importAll(idp, await makeJob(idp, byEmail), csv(header, [row, row, user('bob')]))
    t.strictSame(log, [
      '[SUCCEEDED] Line Number 2 - The import succeeded.',
      '[SKIPPED] Line Number 3 - The user already exists.',
      '[FAILED] Line Number 4 - Username should be an email.',
    ])
    const found = await idp.cognito.AdminGetUser({ UserPoolId: byEmail.pool, Username: 'ada@example.com' })
    t.equal(found.Username, found.UserAttributes?.[0]?.Value)
  })

  await t.test('turns SMS MFA on for those marked, where the pool leaves it open', async (t) => {
    const open = await makeWorld(idp, {
      AutoVerifiedAttributes: ['phone_number'],
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' },
    })
    const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username']
    const row = { 'cognito:username': 'ada', 'cognito:mfa_enabled': 'true', phone_number: '+15555550100', phone_number_verified: 'true' }
    await importAll(idp, await makeJob(idp, open), csv(header, [row]))
    t.match(await idp.cognito.AdminGetUser({ UserPoolId: open.pool, Username: 'ada' }), { UserMFASettingList: only('SMS_MFA') })
  })

  await t.test('takes hashes of each algorithm, which sign in and then are kept as ours', async (t) => {
    const salt = createHash('md5').update('salt').digest()
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
    const hashes: Record<string, string> = {
      BCRYPT: bcrypt.hashSync(PASSWORD, 4),
      SCRYPT: `$scrypt$ln=4,r=8,p=1$${text(salt)}$${text(scryptSync(PASSWORD, salt, 32, { N: 16, r: 8, p: 1 }))}`,
      ARGON2ID: `$argon2id$v=19$m=64,t=1,p=1$${text(salt)}$${text(argon2id(Buffer.from(PASSWORD), salt, { m: 64, t: 1, p: 1, dkLen: 32 }))}`,
      PBKDF2_SHA256: `$pbkdf2-sha256$1000$${text(salt).replaceAll('+', '.')}$${text(pbkdf2Sync(PASSWORD, salt, 1000, 32, 'sha256')).replaceAll('+', '.')}`,
    }
    for (const [algorithm, hash] of Object.entries(hashes)) {
      const own = await makeWorld(idp, { AutoVerifiedAttributes: ['email'] })
      const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username', 'cognito:password_hash']
      const job = await makeJob(idp, own, { PasswordHashingAlgorithm: algorithm as 'BCRYPT' })
      t.equal(job.PasswordHashingAlgorithm, algorithm)
      const escaped = hash.replaceAll(',', '\\,')
      const rows = [user('ada', { 'cognito:password_hash': escaped }), user('bob'), user('eve', { 'cognito:password_hash': 'clear' })]
      const { log } = await importAll(idp, job, csv(header, rows))
      t.strictSame(
        log.map((line) => line.slice(0, 8)),
        ['[SUCCEED', '[SUCCEED', '[FAILED]'],
      )
      t.equal(log[2], `[FAILED] Line Number 4 - The cognito:password_hash value is not a ${algorithm} hash.`)
      await refuses(t, signIn(idp, own, 'ada', 'Wrong-123'), 'NotAuthorizedException', 'Incorrect username or password.')
      for (let time = 0; time < 2; time++) t.ok((await signIn(idp, own, 'ada')).AuthenticationResult, algorithm)
      await refuses(t, signIn(idp, own, 'bob'), 'PasswordResetRequiredException', 'Password reset required for the user')
    }
  })

  await t.test('StopUserImportJob stops at once, for good (X1, X3)', async (t) => {
    const own = await makeWorld(idp, { AutoVerifiedAttributes: ['email'] })
    const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username']
    const job = await makeJob(idp, own)
    await put(
      idp,
      job,
      csv(
        header,
        Array.from({ length: 250 }, (_, index) => user(`user${index}`)),
      ),
    )
    await idp.cognito.StartUserImportJob(idOf(job))
    await describe(idp, job)
    idp.clock.advance(5)
    t.match(await describe(idp, job), { Status: 'InProgress', ImportedUsers: 49 })
    const { UserImportJob } = await idp.cognito.StopUserImportJob(idOf(job))
    t.match(UserImportJob, { Status: 'Stopped', CompletionMessage: 'The Import Job was stopped by the developer.', ImportedUsers: 49 })
    idp.clock.advance(HOUR)
    t.strictSame(await describe(idp, job), UserImportJob)
    await refuses(
      t,
      idp.cognito.StartUserImportJob(idOf(job)),
      'PreconditionNotMetException',
      'Import job cannot be started. Current status is Stopped',
    )
    await refuses(
      t,
      idp.cognito.StopUserImportJob(idOf(job)),
      'PreconditionNotMetException',
      'Import job cannot be stopped. Current status is Stopped',
    )
  })

  await t.test('runs one job at a time, and holds the pool still meanwhile (X4)', async (t) => {
    const own = await makeWorld(idp, { AutoVerifiedAttributes: ['email'] })
    const [one, two] = [await makeJob(idp, own), await makeJob(idp, world)]
    const file = csv([...STANDARD, 'cognito:mfa_enabled', 'cognito:username'], [user('zed')])
    for (const job of [one, two]) await put(idp, job, file)
    await idp.cognito.StartUserImportJob(idOf(one))
    await refuses(
      t,
      idp.cognito.StartUserImportJob(idOf(two)),
      'PreconditionNotMetException',
      'Another import job is active in the account.',
    )
    const { UserPoolId } = idOf(one)
    const type = 'UserImportInProgressException'
    const words = 'User pool cannot be modified while a user import job is in progress.'
    const other = await makeJob(idp, own)
    t.equal(other.Status, 'Created')
    await idp.cognito.StopUserImportJob(idOf(one))
    await put(idp, other, file)
    await idp.cognito.StartUserImportJob(idOf(other))
    await refuses(t, idp.cognito.UpdateUserPool({ UserPoolId }), type, words)
    await refuses(t, idp.cognito.DeleteUserPool({ UserPoolId }), type, words)
    await refuses(t, idp.cognito.AddCustomAttributes({ UserPoolId, CustomAttributes: [{ Name: 'x' }] }), type, words)
    idp.clock.advance(HOUR)
    await idp.cognito.DeleteUserPool({ UserPoolId })
  })

  await t.test('refuses to start without a file, without verified attributes, and what is not there', async (t) => {
    const job = await makeJob(idp, world)
    const refusing = (of: Job, words: string) => refuses(t, idp.cognito.StartUserImportJob(idOf(of)), 'PreconditionNotMetException', words)
    await refusing(job, 'No file was uploaded for the import job.')
    const bare = await makeWorld(idp)
    await refusing(await makeJob(idp, bare), 'The user pool does not have any auto verified attributes.')
    await refuses(
      t,
      idp.cognito.DescribeUserImportJob({ UserPoolId: world.pool, JobId: 'import-nothing' }),
      'ResourceNotFoundException',
      'Import job import-nothing does not exist.',
    )
  })

  await t.test('takes no file after fifteen minutes, unsigned, or without the encryption that was signed (X2)', async (t) => {
    const job = await makeJob(idp, world)
    const codes = async (headers: Record<string, string>, of: Job = job) => {
      const { status, body } = await put(idp, of, 'x', headers)
      return [status, /<Code>(.*)<\/Code>/.exec(String(body))?.[1]]
    }
    t.strictSame(await codes({}), [403, 'SignatureDoesNotMatch'])
    const forged = { ...job, PreSignedUrl: job.PreSignedUrl?.replace(/Signature=../, 'Signature=zz') }
    t.strictSame(await codes(KMS, forged), [403, 'SignatureDoesNotMatch'])
    idp.clock.advance(15 * 60_000)
    t.strictSame(await codes(KMS), [403, 'AccessDenied'])
    t.equal((await idp.request('GET', `/cognito/user-import/${world.pool}/import-x/log`)).status, 404)
  })

  await t.test('takes no more than 100 MB, and no file whose job began before its end came', async (t) => {
    const send = async (job: Job, chunks: AsyncGenerator<string>) => {
      const url = (job.PreSignedUrl as string).replace(/^http:\/\/[^/]+/, '')
      return idp.app.server.inject({
        method: 'PUT',
        url,
        headers: { ...KMS, 'transfer-encoding': 'chunked' },
        payload: Readable.from(chunks),
      })
    }
    const job = await makeJob(idp, world)
    const tooMuch = await send(
      job,
      (async function* () {
        for (let count = 0; count <= 100; count++) yield 'x'.repeat(1024 * 1024)
      })(),
    )
    t.equal(tooMuch.statusCode, 400)
    t.match(tooMuch.body, /<Code>EntityTooLarge<\/Code>/)

    await put(idp, job, csv(columns, [user('first')]))
    const late = await send(
      job,
      (async function* () {
        yield `${csv(columns, [user('second')])}\n`
        await idp.cognito.StartUserImportJob(idOf(job))
        yield 'more'
      })(),
    )
    t.equal(late.statusCode, 200)
    idp.clock.advance(1000)
    t.match(await describe(idp, job), { Status: 'Succeeded', ImportedUsers: 1 })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'first' })).Username, 'first')
  })

  await t.test('expires what nobody starts within a day (X1)', async (t) => {
    const job = await makeJob(idp, world)
    await put(idp, job, csv(columns, [user('late')]))
    idp.clock.advance(24 * HOUR)
    t.equal((await describe(idp, job)).Status, 'Expired')
    await refuses(
      t,
      idp.cognito.StartUserImportJob(idOf(job)),
      'PreconditionNotMetException',
      'Import job cannot be started. Current status is Expired',
    )
  })

  await t.test('ListUserImportJobs lists the last made first, in pages', async (t) => {
    const own = await makeWorld(idp)
    const { pool: UserPoolId } = own
    t.strictSame(await idp.cognito.ListUserImportJobs({ UserPoolId, MaxResults: 60 }), { UserImportJobs: [] })
    const made: string[] = []
    for (let count = 0; count < 3; count++) made.unshift((await makeJob(idp, own)).JobId as string)
    const { UserImportJobs = [], PaginationToken } = await idp.cognito.ListUserImportJobs({ UserPoolId, MaxResults: 2 })
    const rest = await idp.cognito.ListUserImportJobs({ UserPoolId, MaxResults: 2, PaginationToken })
    t.strictSame(
      [...UserImportJobs, ...(rest.UserImportJobs ?? [])].map(({ JobId }) => JobId),
      made,
    )
    t.equal(rest.PaginationToken, undefined)
  })
})

test('an import goes on after a restart', async (t: Test) => {
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const before = await emulator(t, { folder })
  const world = await makeWorld(before, { AutoVerifiedAttributes: ['email'] })
  const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username']
  const rows = Array.from({ length: 120 }, (_, index) => ({
    'cognito:username': `user${index}`,
    'cognito:mfa_enabled': 'FALSE',
    email: `user${index}@example.com`,
    email_verified: 'TRUE',
  }))
  const job = await makeJob(before, world)
  await put(before, job, csv(header, rows))
  await before.cognito.StartUserImportJob(idOf(job))
  await describe(before, job)
  before.clock.advance(5)
  t.match(await describe(before, job), { Status: 'InProgress', ImportedUsers: 49 })
  await before.app.close()

  const after = await emulator(t, { folder })
  t.match(await describe(after, job), { Status: 'InProgress', ImportedUsers: 49 })
  after.clock.advance(HOUR)
  t.match(await describe(after, job), { Status: 'Succeeded', ImportedUsers: 120 })
})

test('a long import goes on by itself, and shows its progress', async (t: Test) => {
  const idp = await emulator(t)
  idp.app.emulator.namespace().setClock((clock) => clock.run())
  const world = await makeWorld(idp, { AutoVerifiedAttributes: ['email'] })
  const header = [...STANDARD, 'cognito:mfa_enabled', 'cognito:username']
  const rows = Array.from({ length: 2000 }, (_, index) => ({
    'cognito:username': `user${index}`,
    'cognito:mfa_enabled': 'FALSE',
    email: `user${index}@example.com`,
    email_verified: 'TRUE',
  }))
  const job = await makeJob(idp, world)
  await put(idp, job, csv(header, rows))
  await idp.cognito.StartUserImportJob(idOf(job))
  const seen = new Set<number>()
  let shown = await describe(idp, job)
  while (shown.Status === 'InProgress' || shown.Status === 'Pending') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    shown = await describe(idp, job)
    seen.add(shown.ImportedUsers as number)
  }
  t.match(shown, { Status: 'Succeeded', ImportedUsers: 2000 })
  t.ok(seen.size > 3, `progress was seen ${seen.size} times`)
})
