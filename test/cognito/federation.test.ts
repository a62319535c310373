import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, comeInAs, federated, GOOGLE, idTokenFor, person, setOut, userOf } from '../support/federation.ts'
import { browser, CALLBACK, requestOf, SITE } from '../support/oauth.ts'
import { only } from '../support/only.ts'

const ADA = { email: 'ada@example.com', email_verified: 'true', name: 'Ada' }

test('signing in through the built-in Google', async (t) => {
  const idp = await emulator(t)
  const world = await federated(idp)

  await t.test('goes straight on to the provider that the request names, with state and the provider’s scopes (O1)', async (t) => {
    const { status, headers } = await idp.request('GET', `/oauth2/authorize?${requestOf(world, { identity_provider: 'Google' })}`)
    t.equal(status, 302)
    const to = new URL(String(headers.location))
    t.equal(to.origin + to.pathname, `${SITE.replace(':80', '')}/_/upstream/${world.pool}/Google/authorize`)
    const { state, ...rest } = answerIn(to)
    t.match(state, /^[\w-]{43}$/)
    t.strictSame(rest, {
      client_id: GOOGLE.client_id,
      redirect_uri: `${SITE}/oauth2/idpresponse`,
      scope: GOOGLE.authorize_scopes,
      response_type: 'code',
    })
  })

  await t.test('makes a user of whoever comes for the first time (O16)', async (t) => {
    const { away, seen } = await comeInAs(idp, world, 'Google', '1042', ADA)
    t.equal(`${away.origin}${away.pathname}`, CALLBACK)
    t.equal(away.searchParams.get('state'), 'state-1')
    const user = await userOf(idp, world, 'Google_1042')
    const identity = { userId: '1042', providerName: 'Google', providerType: 'Google', issuer: null, primary: true, dateCreated: START }
    t.equal(user.UserStatus, 'EXTERNAL_PROVIDER')
    t.strictSame(user.attributes, {
      sub: user.attributes.sub,
      email: 'ada@example.com',
      name: 'Ada',
      email_verified: 'false',
      identities: JSON.stringify([identity]),
    })
    const { Groups } = await idp.cognito.AdminListGroupsForUser({ UserPoolId: world.pool, Username: 'Google_1042' })
    t.strictSame(
      Groups?.map(({ GroupName }) => GroupName),
      [`${world.pool}_Google`],
    )
    const token = await idTokenFor(idp, world, away)
    t.match(token, {
      sub: user.attributes.sub,
      'cognito:username': 'Google_1042',
      'cognito:groups': only(`${world.pool}_Google`),
      email: 'ada@example.com',
      email_verified: false,
    })
    t.strictSame(token.identities, [{ ...identity, primary: 'true', dateCreated: String(START) }])
    // The browser is signed in now: nobody is asked again.
    const again = await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.ok(again.away?.searchParams.get('code'))
  })

  await t.test('marks the ID token with a nonce where the request has none, once for each session', async (t) => {
    const scope = 'openid'
    const { away, seen } = await comeInAs(idp, world, 'Google', '1042', ADA, { scope })
    t.match((await idTokenFor(idp, world, away)).nonce, /^[\w-]{171}$/)
    const again = await seen.go(`/oauth2/authorize?${requestOf(world, { scope, identity_provider: 'Google' })}`)
    t.notOk('nonce' in (await idTokenFor(idp, world, again.away as URL)), 'the session of the pages has none')
    const own = await comeInAs(idp, world, 'Google', '1042', ADA, { scope, nonce: 'client-nonce' })
    t.equal((await idTokenFor(idp, world, own.away)).nonce, 'client-nonce')
  })

  await t.test('lets one be somebody of before, and writes what is mapped anew', async (t) => {
    const { seen } = await setOut(idp, world, 'Google')
    const { away } = await seen.submit('person-1042')
    t.equal((await idTokenFor(idp, world, away as URL))['cognito:username'], 'Google_1042')
    await comeInAs(idp, world, 'Google', '1042', { ...ADA, email: 'ada@lovelace.example' })
    const { attributes } = await userOf(idp, world, 'Google_1042')
    t.strictSame([attributes.email, attributes.name], ['ada@lovelace.example', 'Ada'])
    // A claim that is not told any more leaves what was there.
    await comeInAs(idp, world, 'Google', '1042', { email: 'ada@example.com' })
    t.equal((await userOf(idp, world, 'Google_1042')).attributes.name, 'Ada')
  })

  await t.test('is offered by a button of the login page', async (t) => {
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal(seen.last?.page, 'login')
    const there = await seen.submit('provider-Google')
    t.equal(there.page, 'upstream')
    const { away } = await seen.submit('anybody', person('1042', ADA))
    t.ok(away?.searchParams.get('code'))
  })

  await t.test('tells the client that the person refused there', async (t) => {
    const { seen } = await setOut(idp, world, 'Google')
    const { away } = await seen.submit('deny')
    t.strictSame(answerIn(away as URL), { error_description: 'The person refused.', state: 'state-1', error: 'access_denied' })
  })

  await t.test('knows no provider that is not the client’s', async (t) => {
    for (const [more, told] of [
      [{ identity_provider: 'Facebook' }, 'there is no identity_provider Facebook. The client has: COGNITO, Google.'],
      [{ idp_identifier: 'example.com' }, 'there is no idp_identifier example.com. The client has: none.'],
    ] as const) {
      const seen = browser(idp)
      const { status, page } = await seen.go(`/oauth2/authorize?${requestOf(world, more)}`)
      t.strictSame([status, page], [400, 'error'])
      t.match(seen.last?.text, `Login option is not available. Please try another one: ${told}`)
    }
  })
})
