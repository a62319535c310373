import { test } from 'tap'
import { target } from '../support/target.ts'

// The request as the documentation page of User.Create shows it, member by member; its values are filled in.
// Of the two credentials the page asks for one.
const body = (userpoolId: string, domain: string) => ({
  userpoolId,
  username: `ivan.petrov@${domain}`,
  fullName: 'Ivan Petrov',
  givenName: 'Ivan',
  familyName: 'Petrov',
  email: 'ivan.petrov@example.com',
  phoneNumber: '+7 700 123 45 67',
  passwordSpec: {
    password: 'Random195!-journey',
    generationProof: '',
  },
  isActive: true,
  externalId: 'c0ffee00-0000-4000-8000-000000000001',
  companyName: 'Example LLP',
  department: 'Sales',
  jobTitle: 'Manager',
  employeeId: '000123',
})

interface Operation {
  id: string
  done: boolean
  metadata: Record<string, string>
  response?: Record<string, unknown>
  error?: unknown
}

test('a user of Identity Hub over REST, with fetch: create, poll until done, get', async (t) => {
  const url = await target(t, { yandex: { operations: 'polls:2' } })
  const authorization = `Bearer ${process.env.POOLHOUSE_IAM_TOKEN ?? 't1.local.token'}`

  async function call<Answer>(method: string, path: string, payload?: unknown): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
    })
    const answer = (await response.json()) as Answer
    t.equal(response.status, 200, `${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  async function completed(operation: Operation): Promise<Operation> {
    let now = operation
    for (let polls = 0; !now.done && polls < 60; polls++) now = await call<Operation>('GET', `/operations/${now.id}`)
    t.equal(now.error, undefined)
    t.equal(now.done, true)
    return now
  }

  const { organizations } = await call<{ organizations: { id: string }[] }>('GET', '/organization-manager/v1/organizations')
  const organizationId = process.env.POOLHOUSE_ORGANIZATION ?? organizations[0]?.id
  const name = `journey-${process.pid}`
  const pool = await completed(
    await call('POST', '/organization-manager/v1/idp/userpools', { organizationId, name, defaultSubdomain: name }),
  )
  const userpoolId = pool.metadata.userpoolId as string
  const [domain] = (pool.response?.domains ?? []) as string[]

  const payload = body(userpoolId, domain as string)
  const created = await call<Operation>('POST', '/organization-manager/v1/idp/users', payload)
  t.equal(created.metadata['@type'], 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.CreateUserMetadata')
  const done = await completed(created)
  const { passwordSpec: _passwordSpec, isActive: _isActive, ...profile } = payload
  t.match(done.response, { '@type': 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.User', ...profile, status: 'ACTIVE' })

  const user = await call<Record<string, unknown>>('GET', `/organization-manager/v1/idp/users/${created.metadata.userId}`)
  const { '@type': _type, ...response } = done.response ?? {}
  t.strictSame(user, response)

  await completed(await call('DELETE', `/organization-manager/v1/idp/users/${created.metadata.userId}`))
  await completed(await call('DELETE', `/organization-manager/v1/idp/userpools/${userpoolId}`))
})
