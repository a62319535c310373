import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

test('operations', async (t) => {
  const idp = await emulator(t)
  const begin = async (name: string) => {
    const body = { organizationId: 'bpfdemo0000000000000', name, defaultSubdomain: name }
    return (await idp.request('POST', '/organization-manager/v1/idp/userpools', body)).body as { id: string; done: boolean }
  }
  const read = async (id: string) =>
    (await idp.request('GET', `/operations/${id}`)).body as { done: boolean; error?: object; response?: object }

  await t.test('end at once by default', async (t) => {
    t.same((await idp.request('GET', '/_/operations/policy')).body, [{ kind: '*', runs: 'immediate' }])
    const { id, done } = await begin('one')
    t.equal(done, true)
    t.match((await idp.request('GET', '/_/operations')).body, only({ id, kind: 'UserpoolService.Create', done: true }))
    t.same((await idp.request('GET', '/_/operations?done=false')).body, [])
  })

  await t.test('run until somebody ends them', async (t) => {
    const policy = { kind: 'UserpoolService.Create', runs: 'manual' }
    t.match(await idp.request('PUT', '/_/operations/policy', policy), { status: 200, body: policy })
    t.match((await idp.request('GET', '/_/operations/policy')).body, only({ kind: '*' }, policy))

    const { id } = await begin('two')
    t.match(await read(id), { done: false })
    t.match(await idp.request('POST', `/_/operations/${id}:complete`), { status: 200, body: { id, done: true } })
    t.match(await read(id), { done: true, response: { name: 'two' } })
    t.match(await idp.request('POST', `/_/operations/${id}:complete`), { status: 409, body: { error: `operation ${id} is over` } })
  })

  await t.test('fail with what they are told', async (t) => {
    const { id } = await begin('three')
    const error = { code: 8, message: 'out of quota' }
    t.match(await idp.request('POST', `/_/operations/${id}:fail`, error), { status: 200, body: { done: true, error } })
    t.match(await read(id), { done: true, error })
    t.match(await idp.request('POST', `/_/operations/${id}:fail`, { code: 99, message: '' }), {
      status: 400,
      body: { error: 'code must be <= 16' },
    })
  })

  await t.test('are paused', async (t) => {
    await idp.request('PUT', '/_/operations/policy', { kind: 'UserpoolService.Create', runs: '5s' })
    const { id } = await begin('four')
    t.match(await idp.request('POST', `/_/operations/${id}:pause`), { status: 200, body: { done: false } })
    idp.clock.advance(10_000)
    t.match(await read(id), { done: false })
  })

  await t.test('run again as before', async (t) => {
    t.equal((await idp.request('DELETE', '/_/operations/policy?kind=UserpoolService.Create')).status, 204)
    t.equal((await begin('five')).done, true)
  })

  for (const policy of [{ kind: 'UserpoolService.Get', runs: 'manual' }, { runs: 'sometimes' }]) {
    await t.test(`refuse the policy ${JSON.stringify(policy)}`, async (t) => {
      t.match(await idp.request('PUT', '/_/operations/policy', policy), { status: 400, body: { error: /^no policy: / } })
    })
  }

  await t.test('that are not there', async (t) => {
    t.match(await idp.request('POST', '/_/operations/nope:complete'), { status: 404, body: { error: 'there is no operation nope' } })
  })

  await t.test('of another namespace are its own', async (t) => {
    t.same((await idp.request('GET', '/~t1/_/operations')).body, [])
  })
})
