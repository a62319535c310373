import { test } from 'tap'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const HEADER = 'x-poolhouse-violations'
const TYPES = { 'content-type': 'application/x-amz-json-1.1' }

function cognito(idp: TestEmulator, name: string, input: unknown, prefix = '') {
  const target = `AWSCognitoIdentityProviderService.${name}`
  return idp.request('POST', `${prefix}/`, JSON.stringify(input), { ...TYPES, 'x-amz-target': target })
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the report holds; tests compare it.
async function report(idp: TestEmulator, query = '', prefix = ''): Promise<any> {
  return (await idp.request('GET', `${prefix}/_/contract/report${query}`)).body
}

test('what a vendor tolerates and its contract does not list', async (t) => {
  const idp = await emulator(t)

  await t.test('is noted by default, and the vendor answers as ever', async (t) => {
    const answer = await cognito(idp, 'ListUserPools', { MaxResults: 1, Password: 'Said-by-mistake1', Filter: [{ a: 1 }] })
    t.equal(answer.status, 200)
    t.strictSame(answer.body, { UserPools: [] })
    t.equal(answer.headers[HEADER], 'ListUserPools has no member Password; ListUserPools has no member Filter')
  })

  await t.test('is counted, with a line that reproduces it and no secret', async (t) => {
    await cognito(idp, 'ListUserPools', { MaxResults: 1, Password: 'Said-by-mistake2' })
    const { violations, totals } = await report(idp)
    t.match(totals, { calls: 2, violations: 3, operationsUsed: 1 })
    t.match(
      violations,
      only(
        { operation: 'ListUserPools', rule: 'unknown-member', path: 'Filter', count: 1 },
        {
          vendor: 'cognito',
          operation: 'ListUserPools',
          where: 'request',
          path: 'Password',
          rule: 'unknown-member',
          message: 'ListUserPools has no member Password',
          value: '***',
          count: 2,
          namespace: 'default',
          firstJournalId: 1,
          curl: `curl -X POST 'http://localhost:80/' -H 'content-type: application/x-amz-json-1.1' -H 'x-amz-target: AWSCognitoIdentityProviderService.ListUserPools' -d '{"MaxResults":1,"Password":"***"}'`,
        },
      ),
    )
    t.notMatch(JSON.stringify(await report(idp)), /mistake/)
    t.notMatch(JSON.stringify((await idp.request('GET', '/_/journal')).body), /mistake/)
  })

  await t.test('is found at any depth', async (t) => {
    const answer = await cognito(idp, 'CreateUserPool', {
      PoolName: 'p',
      Policies: { PasswordPolicy: { MinimumLength: 8, MinimalLength: 9 } },
      Schema: [{ Name: 'x', AttributeDataType: 'String', Colour: 'red' }],
    })
    t.equal(answer.status, 200)
    t.equal(
      answer.headers[HEADER],
      'CreateUserPool has no member Policies.PasswordPolicy.MinimalLength; CreateUserPool has no member Schema[0].Colour',
    )
  })

  await t.test('of Yandex: deprecated members', async (t) => {
    const path = '/organization-manager/v1/idp/userpools'
    const { body } = await idp.request('POST', path, {
      organizationId: 'bpfdemo0000000000000',
      name: 'p',
      defaultSubdomain: 'p',
      password_quality_policy: { fixed: { lowers_required: true, min_length: '8' }, min_length: '8' },
    })
    t.match(body, { done: true })
    const { violations } = await report(idp)
    t.match(
      violations.filter(({ vendor }: { vendor: string }) => vendor === 'yandex'),
      only({ operation: 'UserpoolService.Create', rule: 'deprecated-member', path: 'password_quality_policy.min_length' }),
    )
  })

  await t.test('of Harmony: what is not documented', async (t) => {
    const answer = await idp.request('GET', '/harmony/connections?provider=cognito-connection&colour=red')
    t.equal(answer.headers[HEADER], 'colour is not documented')
    const { violations } = await report(idp)
    t.match(
      violations.find(({ vendor }: { vendor: string }) => vendor === 'harmony'),
      {
        vendor: 'harmony',
        path: 'colour',
        rule: 'undocumented',
        curl: "curl -X GET 'http://localhost:80/harmony/connections?provider=cognito-connection&colour=red'",
      },
    )
  })
})

test('contract mode strict', async (t) => {
  const idp = await emulator(t, { settings: { contract: 'strict' } })

  await t.test('refuses in the manner of the vendor, and says who speaks', async (t) => {
    const message = 'Poolhouse refuses ListUserPools in contract mode strict: ListUserPools has no member Filter'
    const answer = await cognito(idp, 'ListUserPools', { MaxResults: 1, Filter: 'x' })
    t.equal(answer.status, 400)
    t.equal(answer.headers[HEADER], 'ListUserPools has no member Filter')
    t.strictSame(answer.body, {
      __type: 'ContractViolation',
      message,
      violations: [{ field: 'Filter', description: 'ListUserPools has no member Filter' }],
    })
    t.equal((await cognito(idp, 'ListUserPools', { MaxResults: 1 })).status, 200)
  })

  await t.test("says the vendor's own refusal first", async (t) => {
    t.match((await cognito(idp, 'ListUserPools', { MaxResults: 0, Filter: 'x' })).body, { __type: 'InvalidParameterException' })
  })

  await t.test('holds Yandex and Harmony to it, too', async (t) => {
    const body = {
      organizationId: 'bpfdemo0000000000000',
      name: 'p',
      defaultSubdomain: 'p',
      passwordQualityPolicy: { fixed: { minLength: 8 }, minLength: 8 },
    }
    t.match(await idp.request('POST', '/organization-manager/v1/idp/userpools', body), {
      status: 400,
      headers: { [HEADER]: /passwordQualityPolicy.minLength of UserpoolService.Create is deprecated/ },
      body: { code: 3, message: /^Poolhouse refuses UserpoolService.Create in contract mode strict: / },
    })
    t.match(await idp.request('GET', '/harmony/connections?provider=cognito-connection&colour=red'), {
      status: 400,
      headers: { [HEADER]: 'colour is not documented' },
      body: { error: 'colour is not documented' },
    })
  })

  await t.test('names what nobody handles in the header', async (t) => {
    t.equal((await cognito(idp, 'ListUserPolls', {})).headers[HEADER], 'there is no ListUserPolls (did you mean ListUserPools?)')
    t.equal((await idp.request('GET', '/nowhere')).headers[HEADER], 'there is no GET /nowhere')
  })
})

test('modes by vendor and by namespace', async (t) => {
  const idp = await emulator(t, { settings: { contract: 'strict', rooms: { cognito: { contract: 'off' } } } })
  const call = (prefix = '') => cognito(idp, 'ListUserPools', { MaxResults: 1, Filter: 'x' }, prefix)
  t.strictSame((await idp.request('GET', '/_/contract/mode')).body, { cognito: 'off', yandex: 'strict', harmony: 'strict' })
  t.notOk(HEADER in (await call()).headers)

  const set = await idp.request('PUT', '/~t1/_/contract/mode', { cognito: 'warn', '*': 'off' })
  t.strictSame(set.body, { cognito: 'warn', yandex: 'off', harmony: 'off' })
  t.match(await call('/~t1'), { status: 200, headers: { [HEADER]: 'ListUserPools has no member Filter' } })
  t.notOk(HEADER in (await call()).headers)
  t.equal((await idp.request('PUT', '/_/contract/mode', { okta: 'warn' })).status, 400)
  t.equal((await idp.request('PUT', '/_/contract/mode', { cognito: 'loud' })).status, 400)
})

test('the report', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'p', MfaConfiguration: 'OFF' })
  const UserPoolId = UserPool?.Id as string
  const user = { UserPoolId, Username: 'anna', TemporaryPassword: 'Temp-Passw0rd', MessageAction: 'SUPPRESS' as const }
  await idp.cognito.AdminCreateUser({ ...user, UserAttributes: [{ Name: 'email', Value: 'a@b.c' }] })
  await t.rejects(idp.cognito.AdminCreateUser(user), { name: 'UsernameExistsException' })
  await cognito(idp, 'ListUsrs', {})
  await cognito(idp, 'ListUserPools', { MaxResults: 1 }, '/~t1')

  await t.test('says which operations, fields, values and errors were used', async (t) => {
    const { operations, totals, contracts, schema, mode, seed, unhandled } = await report(idp)
    t.equal(schema, 'poolhouse-contract-report/1')
    t.equal(mode, 'warn')
    t.equal(seed, 'test')
    t.match(
      contracts,
      only({ vendor: 'cognito', version: '2016-04-18', sha256: /^[0-9a-f]{64}$/ }, { vendor: 'yandex' }, { vendor: 'harmony' }),
    )
    t.match(totals, { calls: 5, violations: 0, unhandled: 1, operationsUsed: 3 })
    t.strictSame(unhandled, [
      {
        vendor: 'cognito',
        method: 'POST',
        path: '/',
        target: 'AWSCognitoIdentityProviderService.ListUsrs',
        nearest: ['ListUsers', 'ListTerms'],
        count: 1,
      },
    ])
    const [create, ...others] = operations
    t.strictSame(
      others.map(({ name }: { name: string }) => name),
      ['CreateUserPool', 'ListUserPools'],
    )
    t.strictSame(create, {
      vendor: 'cognito',
      name: 'AdminCreateUser',
      calls: 2,
      outcomes: { ok: 1, errors: { UsernameExistsException: 1 } },
      fields: {
        seen: [
          'MessageAction',
          'TemporaryPassword',
          'UserAttributes',
          'UserAttributes[].Name',
          'UserAttributes[].Value',
          'UserPoolId',
          'Username',
        ],
        never: [
          'ClientMetadata',
          'DesiredDeliveryMediums',
          'ForceAliasCreation',
          'ValidationData',
          'ValidationData[].Name',
          'ValidationData[].Value',
        ],
      },
      enums: {
        'DesiredDeliveryMediums[]': { seen: [], never: ['EMAIL', 'SMS'] },
        MessageAction: { seen: ['SUPPRESS'], never: ['RESEND'] },
      },
      emulation: 'built',
    })
  })

  await t.test('is of all namespaces, or of one', async (t) => {
    t.equal((await report(idp, '', '/~t1')).totals.calls, 1)
    t.equal((await report(idp, '?scope=namespace')).totals.calls, 4)
    t.equal((await report(idp, '?scope=all', '/~t1')).totals.calls, 5)
  })

  await t.test('comes in the forms that CI systems read', async (t) => {
    await cognito(idp, 'ListUserPools', { MaxResults: 1, Filter: '<&"' })
    const junit = await idp.request('GET', '/_/contract/report?format=junit')
    t.match(junit.headers['content-type'], 'application/xml')
    t.match(junit.body, '<testsuite name="cognito" tests="3" failures="1">')
    t.match(junit.body, '<testcase classname="cognito" name="AdminCreateUser" assertions="2"/>')
    t.match(junit.body, '<failure message="ListUserPools has no member Filter">curl -X POST ')
    t.match((await report(idp, '?format=ctrf')).results, {
      summary: { tests: 3, passed: 2, failed: 1 },
      tests: only({ name: 'AdminCreateUser', status: 'passed' }, {}, { status: 'failed', message: 'ListUserPools has no member Filter' }),
    })
    const markdown = await report(idp, '?format=md')
    t.match(markdown, '| cognito | AdminCreateUser | 2 | 1 | UsernameExistsException 1 | 7 of 13 |')
    t.match(markdown, '| cognito | ListUserPools | ListUserPools has no member Filter | 1 |')
    const page = await idp.request('GET', '/_/contract/report?format=html')
    t.match(page.headers['content-type'], 'text/html')
    t.match(page.body, '<td>ListUserPools has no member Filter</td>')
    const { runs } = (await report(idp, '?format=sarif')) as unknown as { runs: { results: object[] }[] }
    t.match(
      runs[0]?.results,
      only(
        { ruleId: 'unknown-member', level: 'warning', message: { text: 'ListUserPools has no member Filter' } },
        { ruleId: 'unhandled', level: 'error', message: { text: 'nobody handles POST / AWSCognitoIdentityProviderService.ListUsrs' } },
      ),
    )
    t.equal((await idp.request('GET', '/_/contract/report?format=pdf')).status, 400)
  })

  await t.test('tells no more than a thousand kinds apart', async (t) => {
    for (let n = 0; n < 1100; n++) await idp.request('GET', `/~many/nowhere/${n}`)
    const { unhandled, totals } = await report(idp, '', '/~many')
    t.equal(unhandled.length, 1001)
    t.equal(totals.unhandled, 1100)
    t.match(
      unhandled.find(({ path }: { path: string }) => path === '…'),
      { count: 100 },
    )
    await idp.request('DELETE', '/~many/_/contract/report')
  })

  await t.test('starts anew', async (t) => {
    t.equal((await idp.request('DELETE', '/~t1/_/contract/report')).status, 204)
    t.equal((await report(idp)).totals.calls, 5)
    t.equal((await idp.request('DELETE', '/_/contract/report')).status, 204)
    t.match(await report(idp), { totals: { calls: 0 }, operations: only(), violations: only(), unhandled: only() })
  })
})

test('counts for ever so many namespaces, those of long ago together', async (t) => {
  const idp = await emulator(t)
  for (let n = 0; n < 505; n++) {
    const { status } = await cognito(idp, 'ListUserPools', { MaxResults: 1 }, `/~t${n}`)
    if (status !== 200) t.fail(`in namespace ${n}: ${status}`)
  }
  t.match(await report(idp), { totals: { calls: 505 } })
})
