import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, federated, idTokenFor, person, setOut, userOf } from '../support/federation.ts'
import { browser, requestOf, SITE } from '../support/oauth.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const APPLE = {
  client_id: 'com.example.app',
  team_id: 'TEAM123456',
  key_id: 'KEY1234567',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  authorize_scopes: 'email name',
}
const PROVIDER = {
  ProviderName: 'SignInWithApple',
  ProviderType: 'SignInWithApple' as const,
  ProviderDetails: APPLE,
  AttributeMapping: { email: 'email', email_verified: 'email_verified', given_name: 'firstName', family_name: 'lastName', name: 'name' },
}
const JO = { email: 'jo@privaterelay.example', email_verified: 'true', firstName: 'Jo', lastName: 'Doe Roe' }

/** Hidden fields of the form that a page sends on. */
function fieldsIn(text: string): Record<string, string> {
  const found = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')]))
}

test('signing in with Apple', async (t) => {
  const idp = await emulator(t)
  const world = await federated(idp, PROVIDER)
  const name = 'SignInWithApple'

  /** As far as the page that posts Apple's answer. */
  async function leave(id: string, claims: Record<string, string> = {}): Promise<{ seen: Browser; fields: Record<string, string> }> {
    const { seen } = await setOut(idp, world, name)
    const { page, text } = await seen.submit('anybody', person(id, claims))
    t.equal(page, 'upstream-answer')
    return { seen, fields: fieldsIn(text) }
  }

  await t.test('asks for an answer by form, as Apple wants of whoever asks for a name', async (t) => {
    const { headers } = await idp.request('GET', `/oauth2/authorize?${requestOf(world, { identity_provider: name })}`)
    const to = new URL(String(headers.location))
    t.match(answerIn(to), { response_mode: 'form_post', response_type: 'code', scope: 'email name', client_id: APPLE.client_id })
    to.searchParams.delete('response_mode')
    const refused = await idp.request('GET', to.pathname + to.search)
    t.equal(refused.status, 400)
    t.match(refused.body, 'response_mode must be form_post when name or email scope is requested.')
    to.searchParams.set('response_mode', 'fragment')
    to.searchParams.delete('scope')
    t.match((await idp.request('GET', to.pathname + to.search)).headers.location, 'error=invalid_request')
  })

  await t.test('hears the name but once, and keeps it', async (t) => {
    const first = await leave('001.a.1', JO)
    t.strictSame(Object.keys(first.fields).sort(), ['code', 'state', 'user'])
    t.strictSame(JSON.parse(first.fields.user ?? ''), { name: { firstName: 'Jo', lastName: 'Doe Roe' }, email: JO.email })
    const { away } = await first.seen.submit('answer')
    t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'SignInWithApple_001.a.1', email: JO.email })
    const names = { given_name: 'Jo', family_name: 'Doe Roe', name: 'Jo Doe Roe', email_verified: 'true' }
    t.match((await userOf(idp, world, 'SignInWithApple_001.a.1')).attributes, names)

    const again = await leave('001.a.1', { ...JO, firstName: 'Other', email: 'new@privaterelay.example' })
    t.strictSame(Object.keys(again.fields).sort(), ['code', 'state'])
    await again.seen.submit('answer')
    const { attributes } = await userOf(idp, world, 'SignInWithApple_001.a.1')
    t.match(attributes, { ...names, email: 'new@privaterelay.example' })
  })

  await t.test('believes the signed address, not the one beside the code', async (t) => {
    const { seen, fields } = await leave('001.a.2', JO)
    const user = JSON.stringify({ name: { firstName: 'Al', lastName: 7 }, email: 'victim@example.com' })
    t.ok((await seen.post('/oauth2/idpresponse', { ...fields, user })).away?.searchParams.get('code'))
    const { attributes } = await userOf(idp, world, 'SignInWithApple_001.a.2')
    t.match(attributes, { email: JO.email, given_name: 'Al', name: 'Al' })
    t.notOk('family_name' in attributes)
    const broken = await leave('001.a.3', JO)
    const { away } = await broken.seen.post('/oauth2/idpresponse', { ...broken.fields, user: '{' })
    t.match(answerIn(away as URL), { error: 'server_error', error_description: 'Exception processing authorization code' })
  })

  await t.test('takes the form without a cookie where there is no TLS, for no browser would send one, and with no other', async (t) => {
    const { fields } = await leave('001.a.4', JO)
    const other = browser(idp)
    other.cookies.set('csrf-state', 'x'.repeat(43))
    t.match((await other.post('/oauth2/idpresponse', fields)).text, 'Something went wrong')
    t.match((await browser(idp).go(`/oauth2/idpresponse?${new URLSearchParams(fields)}`)).text, 'Something went wrong')
    t.ok((await browser(idp).post('/oauth2/idpresponse', fields)).away?.searchParams.get('code'))
    t.match((await browser(idp).post('/oauth2/idpresponse', fields)).text, 'Something went wrong', 'once')
  })

  await t.test('reads nothing that comes twice', async (t) => {
    const { fields } = await leave('001.a.4', JO)
    for (const twice of ['state', 'code']) {
      const { status, text } = await browser(idp).post('/oauth2/idpresponse', `${new URLSearchParams(fields)}&${twice}=other`)
      t.equal(status, 400)
      t.match(text, `The parameter ${twice} came more than once.`)
    }
  })

  await t.test('tells the client that the person went away', async (t) => {
    const { seen } = await setOut(idp, world, name)
    await seen.submit('deny')
    const { away } = await seen.submit('answer')
    t.match(answerIn(away as URL), { error: 'user_cancelled_authorize', error_description: 'user_cancelled_authorize' })
  })

  await t.test('shows a secret of its own making, which the upstream verifies', async (t) => {
    const { fields } = await leave('001.a.5', JO)
    const token = async (client_secret: string) => {
      const form = { grant_type: 'authorization_code', code: fields.code ?? '', client_id: APPLE.client_id, client_secret }
      const body = new URLSearchParams({ ...form, redirect_uri: `${SITE}/oauth2/idpresponse` }).toString()
      const answer = await idp.request('POST', `/_/upstream/${world.pool}/${name}/token`, body, {
        'content-type': 'application/x-www-form-urlencoded',
      })
      return (answer.body as { error?: string }).error
    }
    const exp = START / 1000 + 300
    const right = { iss: APPLE.team_id, exp, aud: 'https://appleid.apple.com', sub: APPLE.client_id }
    const made = (claims: object, key = privateKey, kid = APPLE.key_id) => {
      const text = [{ alg: 'ES256', kid }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    }
    const { privateKey: foreign } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const wrong = [
      ...['', 'a.b.c', made(right, foreign), made(right, privateKey, 'OTHER')],
      ...[{ iss: 'other' }, { sub: 'other' }, { aud: 'other' }, { exp: exp - 301 }, { exp: undefined }].map((lie) =>
        made({ ...right, ...lie }),
      ),
    ]
    for (const shown of wrong) t.equal(await token(shown), 'invalid_client', shown)
    t.equal(await token(made(right)), undefined)
  })
})

test('over TLS Apple’s form brings the cookie along, and must', async (t) => {
  const publicUrl = 'https://id.example'
  const idp = await emulator(t, { settings: { publicUrl } })
  const world = await federated(idp, PROVIDER)
  const seen = browser(idp, {}, publicUrl)
  await seen.go(`${publicUrl}/oauth2/authorize?${requestOf(world, { identity_provider: 'SignInWithApple' })}`)
  t.ok(seen.set.some((line) => /^csrf-state=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None$/.test(line)))
  await seen.submit('anybody', person('001.b.1', JO))
  const fields = fieldsIn(seen.last?.text ?? '')
  const stranger = await browser(idp, {}, publicUrl).post(`${publicUrl}/oauth2/idpresponse`, fields)
  t.match(stranger.text, 'Something went wrong')
  t.ok((await seen.submit('answer')).away?.searchParams.get('code'))
})
