import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { createApp } from '../src/app.ts'
import { TARGETS } from '../src/environment.ts'

const page = readFileSync(new URL('../docs/toolkit.md', import.meta.url), 'utf8')

test('the examples of the toolkit page', async (t) => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const folder = t.testdir({ 'a.yaml': yaml, 'users.csv': 'name\nann\nbob\n' })
  const app = await createApp()
  t.teardown(() => app.close())
  await app.prepare({ fixtures: [`${folder}/a.yaml`] })

  await t.test('the fixture is taken', async (t) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1' }
    const payload = '{"UserPoolId":"us-east-1_Example01"}'
    const { Users } = (await app.server.inject({ method: 'POST', url: '/cognito/ListUsers', headers, payload })).json() as {
      Users: unknown[]
    }
    t.equal(Users.length, 2)
  })

  await t.test('the requests are answered', async (t) => {
    const requests = [...page.matchAll(/^curl -X (PUT|POST) +localhost:7665(\S+) -d '([^']+)'/gm)]
    t.equal(requests.length, 4)
    for (const [line, method, url, payload] of requests) {
      const { statusCode, body } = await app.server.inject({ method: method as 'PUT', url: url as string, payload: payload as string })
      t.equal(statusCode, 200, `${line}: ${body}`)
    }
  })

  await t.test('every path of the admin API that it names is there', async (t) => {
    const { paths } = app.server.swagger() as { paths: Record<string, unknown> }
    const named = new Set([...page.matchAll(/(?:GET|PUT|POST|DELETE) (\/_\/[\w/<>.-]+)/g)].map(([, path]) => path as string))
    for (const path of named) {
      const form = path.replace(/<\w+>|t1$/g, '{name}')
      t.ok(paths[form] !== undefined, path)
    }
    t.ok(TARGETS.includes('aws-sdk'))
  })
})
