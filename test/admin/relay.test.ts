import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'

interface Mail {
  to: string[]
  text: string
}

/** A real SMTP server that takes what it is given, but for one address. */
async function mailServer(t: Test) {
  const mails: Mail[] = []
  const waiting: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'ann' && password === 'p@ss' ? done(null, { user: 'ann' }) : done(new Error('who?')),
    onRcptTo: ({ address }, _session, done) => done(address === 'full@example.com' ? new Error('mailbox is full') : null),
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), text })
        for (const go of waiting.splice(0)) go()
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const arrival = async (count: number) => {
    while (mails.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    return mails[count - 1] as Mail
  }
  return { mails, arrival, url: (who = '') => `smtp://${who}127.0.0.1:${port}` }
}

const signUp = (name: string) => ({
  call: 'cognito.SignUp',
  input: {
    ClientId: '1demo0client0000000000000w',
    Username: name,
    Password: 'Some-Passw0rd',
    UserAttributes: [{ Name: 'email', Value: `${name}@example.com` }],
  },
})

async function post(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: 'POST' })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function call(url: string, name: string, input: object): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` }
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
}

test('mails are copied by SMTP', async (t) => {
  const { mails, arrival, url } = await mailServer(t)
  const idp = await start({ smtp: url('ann:p%40ss@'), smtpAllow: ['*@example.com'], codes: '123456' })
  t.teardown(() => idp.close())

  await call(idp.url, 'SignUp', signUp('ann').input)
  const mail = await arrival(1)
  t.same(mail.to, ['ann@example.com'])
  t.match(mail.text, /^From: Poolhouse <no-reply@poolhouse\.invalid>\r$/m)
  t.match(mail.text, /^X-Poolhouse-Namespace: default\r$/m)
  t.match(mail.text, /123456/)

  await t.test('of every namespace, and never an SMS', async (t) => {
    await call(idp.namespace('other').url, 'SignUp', signUp('bert').input)
    t.match((await arrival(2)).text, /^X-Poolhouse-Namespace: other\r$/m)
  })

  await t.test('once more when one is released', async (t) => {
    const { id = 0 } = (await idp.outbox.latest({ to: 'ann@example.com' })) ?? {}
    t.match(await idp.outbox.release(id), { to: 'ann@example.com', messageId: /@/ })
    t.match((await arrival(3)).text, /123456/)
    t.match(await post(`${idp.url}/_/outbox/${id}:release`), { status: 200 })
    t.match(await post(`${idp.url}/_/outbox/99:release`), { status: 404, body: { error: 'there is no message 99' } })
  })

  await t.test('to nobody else than those who are allowed', async (t) => {
    const Attributes = [{ Name: 'email', Value: 'ann@elsewhere.org' }]
    await call(idp.url, 'AdminUpdateUserAttributes', { UserPoolId: 'us-east-1_PoolDemo1', Username: 'alice', UserAttributes: Attributes })
    await call(idp.url, 'AdminUpdateUserAttributes', {
      UserPoolId: 'us-east-1_PoolDemo1',
      Username: 'alice',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    await call(idp.url, 'ForgotPassword', { ClientId: '1demo0client0000000000000w', Username: 'alice' })
    const { id = 0 } = (await idp.outbox.latest({ to: 'ann@elsewhere.org' })) ?? {}
    t.ok(id > 0)
    t.match(await post(`${idp.url}/_/outbox/${id}:release`), {
      status: 403,
      body: { error: 'ann@elsewhere.org is not among the recipients that --smtp-allow names' },
    })
    t.equal(mails.length, 4)
  })

  await t.test('what the server refuses is said', async (t) => {
    await call(idp.url, 'SignUp', signUp('full').input)
    const { id = 0 } = (await idp.outbox.latest({ to: 'full@example.com' })) ?? {}
    t.match(await post(`${idp.url}/_/outbox/${id}:release`), { status: 502, body: { error: /mailbox is full/ } })
  })
})

test('a server that is not there keeps nobody from signing up', async (t) => {
  const idp = await start({ smtp: 'smtp://127.0.0.1:9' })
  t.teardown(() => idp.close())
  await call(idp.url, 'SignUp', signUp('ann').input)
  const { id = 0 } = (await idp.outbox.latest({ to: 'ann@example.com' })) ?? {}
  t.match(await post(`${idp.url}/_/outbox/${id}:release`), { status: 502, body: { error: /ECONNREFUSED/ } })
})

test('without a server, or with somebody’s own', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  await call(idp.url, 'SignUp', signUp('ann').input)
  t.match(await post(`${idp.url}/_/outbox/${(await idp.outbox.latest())?.id}:release`), {
    status: 409,
    body: { error: 'there is no SMTP server to send it by: start with --smtp smtp://localhost:1025' },
  })
  await t.rejects(start({ smtp: 'smtp://mail.example.com' }), { message: /is not on this machine: say by --smtp-allow/ })
  await t.rejects(start({ smtp: 'http://localhost' }), { message: /must be a URL like smtp:\/\/localhost:1025/ })
})
