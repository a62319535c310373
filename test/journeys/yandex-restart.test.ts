import { test } from 'tap'
import { folder, json, serve } from '../support/server.ts'

const IDP = '/organization-manager/v1/idp'

interface Operation {
  id: string
  done: boolean
  modifiedAt: string
  metadata: { userId: string; userpoolId: string }
  response?: { status: string }
}

test('operations that were under way when the emulator was killed finish after it is back, each at its time', async (t) => {
  const args = ['--data', folder(t), '--empty', '--yandex-operations', 'idp.UserService.Create=3s,idp.UserService.Suspend=1s']
  const call = async (url: string, path: string, method = 'GET', body?: unknown) => (await json<Operation>(url + path, method, body)).body
  const clock = (url: string, change: string, body?: unknown) => json(`${url}/_/clock${change}`, change === '' ? 'PUT' : 'POST', body)

  const first = await serve(t, args)
  await clock(first.url, '', { frozen: true })
  const { body } = await json<{ organizations: { id: string }[] }>(`${first.url}/organization-manager/v1/organizations`)
  const pool = { organizationId: body.organizations[0]?.id, name: 'restart', defaultSubdomain: 'restart' }
  const { userpoolId } = (await call(first.url, `${IDP}/userpools`, 'POST', pool)).metadata
  const create = (url: string, name: string) =>
    call(url, `${IDP}/users`, 'POST', {
      userpoolId,
      username: `${name}@restart.idp.yandexcloud.net`,
      fullName: name,
      passwordSpec: { password: 'Random195!-restart' },
    })
  const slow = await create(first.url, 'anna')
  t.equal(slow.done, false)
  const quick = await call(first.url, `${IDP}/users/${slow.metadata.userId}:suspend`, 'POST', {})
  t.equal(quick.done, false)
  await first.kill('SIGKILL')

  const second = await serve(t, args)
  const operation = (url: string, { id }: Operation) => call(url, `/operations/${id}`)
  t.equal((await operation(second.url, slow)).done, false, 'the frozen clock still stands, and holds it')
  t.equal((await operation(second.url, quick)).done, false)
  await clock(second.url, '/advance', { by: '1s' })
  t.strictSame([(await operation(second.url, quick)).done, (await operation(second.url, slow)).done], [true, false], 'in order')
  await clock(second.url, '/advance', { by: '1h' })
  const [ended, before] = [await operation(second.url, slow), await operation(second.url, quick)]
  t.equal(Date.parse(ended.modifiedAt) - Date.parse(before.modifiedAt), 2000, 'each at its own time, whenever it is looked at')
  t.equal(ended.response?.status, 'ACTIVE')

  // Now with a clock that runs: it goes on by itself.
  await clock(second.url, '', { frozen: false })
  const running = await create(second.url, 'bert')
  t.equal(running.done, false)
  await second.kill('SIGKILL')
  const third = await serve(t, args)
  let now = running
  for (let polls = 0; !now.done && polls < 100; polls++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    now = await operation(third.url, running)
  }
  t.equal(now.response?.status, 'ACTIVE', 'nobody did anything but wait')
})
