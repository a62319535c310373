import { Validator } from '@seriousme/openapi-schema-validator'
import { test } from 'tap'
import type { OpenApi } from '../../src/http/openapi.ts'
import { methods } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

type Known = {
  requestBody: { content: Record<string, { schema: object }> }
  responses: Record<string, { content?: Record<string, object> }>
}

test('the OpenAPI document', async (t) => {
  const idp = await emulator(t)
  const fetched = async (query = '') => (await idp.request('GET', `/_/openapi.json${query}`)).body as OpenApi & { openapi: string }
  const whole = await fetched()

  await t.test('is valid, and so are its parts', async (t) => {
    const vendors = ((await idp.request('GET', '/_/coverage')).body as { room: string }[]).map(({ room }) => room)
    for (const part of ['', ...vendors.map((vendor) => `?vendor=${vendor}`), '?vendor=admin']) {
      const result = await new Validator().validate((await fetched(part)) as unknown as Record<string, unknown>)
      t.same(result.errors ?? [], [], `valid ${part}`)
      t.ok(result.valid)
    }
    t.equal(whole.openapi, '3.1.0')
  })

  await t.test('names every operation of every contract, once', async (t) => {
    const named = Object.values(whole.paths).flatMap((item) => Object.values(item).filter(({ operationId }) => operationId !== undefined))
    const ids = named.map(({ operationId, tags }) => `${tags?.[0]} ${operationId}`)
    t.equal(new Set(ids).size, ids.length)
    const coverage = (await idp.request('GET', '/_/coverage')).body as { room: string; operations: { name: string }[] }[]
    for (const { room, operations } of coverage) {
      for (const { name } of operations)
        if (!ids.includes(`${room} ${name}`) && methods.get(name)?.http !== null) t.fail(`${room} ${name} is missing`)
    }
  })

  await t.test('points only at schemas that it has', async (t) => {
    for (const [name, part] of Object.entries({ whole, cognito: await fetched('?vendor=cognito') })) {
      for (const [, schema] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        if (part.components?.schemas?.[schema as string] === undefined) t.fail(`${name}: ${schema}`)
      }
    }
    t.equal((await fetched('?vendor=admin')).paths['/cognito/SignUp'], undefined)
  })

  await t.test('says of Cognito what the contract says', async (t) => {
    const signUp = whole.paths['/cognito/SignUp']?.post as unknown as Known
    t.match(signUp.requestBody.content['application/x-amz-json-1.1']?.schema, { $ref: '#/components/schemas/SignUpRequest' })
    t.match(signUp.responses['200']?.content, { 'application/x-amz-json-1.1': { schema: { $ref: '#/components/schemas/SignUpResponse' } } })
    t.match(JSON.stringify(signUp.responses['400']), /UsernameExistsException/)
    t.match(whole.components?.schemas?.SignUpRequest, {
      required: only('ClientId', 'Username'),
      properties: { Username: { $ref: /UsernameType$/ } },
    })
  })

  await t.test('of a vendor that is none', async (t) => {
    t.match(await idp.request('GET', '/_/openapi.json?vendor=okta'), { status: 400, body: { error: /vendor must be equal to one of/ } })
  })
})

test('the pages that show it', async (t) => {
  const idp = await emulator(t)
  const page = await idp.request('GET', '/_/docs')
  t.equal(page.status, 200)
  t.match(page.headers['content-type'], /^text\/html/)
  const links = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string)
  t.ok(links.length >= 4)
  for (const link of links) {
    t.match(link, /^\/_\/docs\/static\//, 'nothing from elsewhere')
    t.equal((await idp.request('GET', link)).status, 200, link)
  }
  const script = String((await idp.request('GET', '/_/docs/static/swagger-initializer.js')).body)
  t.match(script, /openapi\.json\?vendor=cognito/)
  t.match(script, /validatorUrl: null/)
  t.equal((await idp.request('GET', '/_/docs/static/nope.js')).status, 404)
  t.match(await idp.request('GET', '/_/docs/'), { status: 302, headers: { location: '../docs' } })
})
