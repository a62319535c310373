import { test } from 'tap'
import type { Method } from '../../src/contract/proto.ts'
import { contract, methods } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { ORGANIZATION, rest } from '../support/yandex.ts'
import { doors } from '../support/yandex-doors.ts'
import type { Sample } from '../support/yandex-samples.ts'
import { inputOf, world } from '../support/yandex-world.ts'

const hasToken = ({ request }: Method) => contract.messages[request]?.fields.some(({ name }) => name === 'page_token') === true
// The list of endpoints fits on one page, and its paging members are deprecated.
const lists = [...methods.values()].filter((method) => hasToken(method) && !method.service.includes('endpoint'))

test('laws of every list, over both transports', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  // More of what there is one of.
  const { V1, IDP } = { V1: '/organization-manager/v1', IDP: '/organization-manager/v1/idp' }
  for (const name of ['Second', 'Third']) {
    const { id } = await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name })
    const accessBinding = { roleId: 'viewer', subject: { id, type: 'group' } }
    const accessBindingDeltas = [{ action: 'ADD', accessBinding }]
    await api.done('PATCH', `${IDP}/userpools/${w.pool.id}:updateAccessBindings`, { accessBindingDeltas })
    const user = await api.user({ userpoolId: w.pool.id })
    for (const subjectId of [user.id, w.user.id]) {
      await api.done('POST', `${V1}/groups/${w.group.id}:updateMembers`, { memberDeltas: [{ action: 'ADD', subjectId }] })
    }
    await api.done('POST', `${IDP}/application/saml/signature-certificates`, { applicationId: w.saml.id })
  }

  for (const { name: door, say } of await doors(t, idp)) {
    let seen = 0
    for (const method of lists) {
      const { operationName: name } = method
      const title = `${door}: ${name}`
      const items = contract.messages[method.response]?.fields.find(({ repeated }) => repeated)?.jsonName as string
      const list = async (more: Sample = {}) => {
        const said = await say(method, { ...inputOf(w, method), ...more })
        t.equal(said?.code, 0, `${title}: ${said?.message}`)
        return { all: (said?.body[items] ?? []) as unknown[], next: said?.body.nextPageToken as string | undefined }
      }

      const { all, next: more } = await list()
      t.equal(more, undefined, `${title}: everything fits on the usual page`)
      if (all.length > 1) seen++
      for (const pageSize of [1, 2]) {
        const paged: unknown[] = []
        let page = await list({ pageSize })
        for (let turns = 0; turns < 200; turns++) {
          paged.push(...page.all)
          if (page.next === undefined) break
          t.equal(page.all.length, pageSize, title)
          page = await list({ pageSize, pageToken: page.next })
        }
        t.strictSame(paged, all, `${title}: ${all.length} items, ${pageSize} by ${pageSize}, none twice and none left out`)
      }

      const refused = async (input: Sample, why: string) => {
        const said = await say(method, { ...inputOf(w, method), ...input })
        t.strictSame([said?.code, said?.fields], [3, ['page_token']], `${title}: ${why}`)
      }
      await refused({ pageToken: 'made-up' }, 'a token of nobody')
      const { next } = await list({ pageSize: 1 })
      if (next === undefined) continue
      const other = lists.find((candidate) => candidate !== method && candidate.request !== method.request) as Method
      const elsewhere = await say(other, { ...inputOf(w, other), pageToken: next })
      t.strictSame([elsewhere?.code, elsewhere?.fields], [3, ['page_token']], `${title}: its token is refused by ${other.operationName}`)
      const filtered = contract.messages[method.request]?.fields.some(({ name }) => name === 'filter')
      if (filtered && name !== 'UserpoolService.ListDomains') {
        const said = await say(method, { ...inputOf(w, method), pageToken: next, filter: 'id != "x"' })
        t.equal(said?.code, 3, `${title}: its token is refused with another filter`)
      }
    }
    t.ok(seen > 10, `${seen} lists of more than one`)
  }

  await t.test('what comes between two pages shifts nothing', async (t) => {
    const path = `${IDP}/users?userpoolId=${w.pool.id}`
    const ids = ({ body }: { body: { users: { id: string }[] } }) => body.users.map(({ id }) => id)
    const before = ids(await api.call('GET', path))
    const first = await api.call('GET', `${path}&pageSize=2`)
    await api.done('DELETE', `${IDP}/users/${before[0]}`)
    const fresh = await api.user({ userpoolId: w.pool.id })
    const rest = await api.call('GET', `${path}&pageSize=1000&pageToken=${encodeURIComponent(first.body.nextPageToken)}`)
    t.strictSame([...ids(first), ...ids(rest)], [...before, fresh.id])
  })
})
