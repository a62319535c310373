import { test } from 'tap'
import { computed } from '../support/computed.ts'
import { emulator, Refused } from '../support/emulator.ts'

/** What used to take from seconds to days of computing. */
const SOON_MS = 4000

const END = '\u0001'
const metadata = (inside: string) => `<EntityDescriptor entityID="a"><IDPSSODescriptor>${inside}</IDPSSODescriptor></EntityDescriptor>`
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('no text under a megabyte holds the others up', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'texts' })
  const UserPoolId = UserPool?.Id ?? ''
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
  const ClientId = UserPoolClient?.ClientId ?? ''
  await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'texts' })

  const pool = (more: object) => ['CreateUserPool', { PoolName: 'x', ...more }] as const
  const look = (Bytes: string) => {
    const asset = { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'SVG', Bytes }
    return ['CreateManagedLoginBranding', { UserPoolId, ClientId, Settings: {}, Assets: [asset] }] as const
  }
  const css = (CSS: string) => ['SetUICustomization', { UserPoolId, CSS }] as const
  const saml = (MetadataFile: string) =>
    ['CreateIdentityProvider', { UserPoolId, ProviderName: 'saml', ProviderType: 'SAML', ProviderDetails: { MetadataFile } }] as const
  const user = (UserAttributes: unknown) => ['AdminCreateUser', { UserPoolId, Username: 'a', UserAttributes }] as const

  const calls: Record<string, readonly [string, object]> = {
    'an address of signs': pool({ EmailConfiguration: { ReplyToEmailAddress: '@'.repeat(300_000) + END } }),
    'a template with a thousand places': pool({ EmailVerificationMessage: '{####}'.repeat(3000) + END }),
    'a template with a hundred thousand places': pool({ SmsVerificationMessage: '{####}'.repeat(150_000) + END }),
    'a link in a link': pool({ VerificationMessageTemplate: { EmailMessageByLink: '{##'.repeat(90_000) + '##}'.repeat(90_000) + END } }),
    'a picture of comments': look(base64('<!---->'.repeat(40))),
    'a picture of padding': look(`${'='.repeat(900_000)}a`),
    'a style sheet without rules': css('='.repeat(131_000)),
    'a style sheet of comments': css('/*'.repeat(65_000)),
    'metadata that never begins': saml('<EntityDescriptor '.repeat(7000)),
    'metadata of comments': saml('<!--'.repeat(32_000)),
    'metadata that never ends': saml('<EntityDescriptor entityID="a">'.concat('<IDPSSODescriptor'.repeat(7000))),
    'metadata of keys that never end': saml(metadata('<KeyDescriptor>'.repeat(8000))),
    'a list of nothing': user(Array(200_000).fill(null)),
    'a list of wrong names': user(Array(40_000).fill({ Name: 'x'.repeat(33) })),
    'a list of long texts': ['AdminGetUser', { UserPoolId: Array(1900).fill('x'.repeat(400)), Username: 'a' }],
    'a list of wrong texts': [
      'TagResource',
      { ResourceArn: 'a', Tags: Object.fromEntries(Array.from({ length: 1900 }, (_, n) => [`k${n}`, 'x'.repeat(450)])) },
    ],
  }
  for (const [what, [name, input]] of Object.entries(calls)) {
    const began = computed()
    const call = idp.cognito[name as 'CreateUserPool'] as (input: object) => Promise<unknown>
    const answer = await call(input).catch((error: unknown) => error)
    t.ok(answer instanceof Refused, `${what} is refused`)
    t.ok(computed() - began < SOON_MS, `${what}, at once`)
  }
})

test('what a sentence quotes does not make the headers too long to be read', async (t) => {
  const idp = await emulator(t)
  const { status, headers, body } = await idp.request('POST', '/', JSON.stringify({ UserPoolId: 'x'.repeat(100_000) }), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityProviderService.DescribeUserPool',
  })
  t.equal(status, 400)
  t.match(body, { __type: 'InvalidParameterException', message: /^2 validation errors detected: Value 'x{100000}'/ })
  t.match(headers['x-amzn-errormessage'], /^.{1024}$/)
})
