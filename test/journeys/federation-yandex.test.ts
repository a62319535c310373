import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { federated, idTokenFor, setOut } from '../support/federation.ts'
import { SITE } from '../support/oauth.ts'
import { IDP, ORGANIZATION, rest } from '../support/yandex.ts'
import { CHOSEN, makePermanent } from '../support/yandex-oauth.ts'

/** Two vendors' rooms that know nothing of each other, as they meet in life: by SAML. */
test('a Yandex userpool is the SAML identity provider of a Cognito pool', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const { id: userpoolId } = await api.pool()
  const user = await api.user({ userpoolId, email: 'ada@example.com', givenName: 'Ada', familyName: 'Lovelace' })
  await makePermanent(api, user.id)
  const world = await federated(idp)
  const applications = `${IDP}/application/saml/applications`
  const application = await api.done('POST', applications, {
    organizationId: ORGANIZATION,
    name: 'cognito',
    serviceProvider: { entityId: `urn:amazon:cognito:sp:${world.pool}`, acsUrls: [{ url: `${SITE}/saml2/idpresponse`, index: 0 }] },
  })
  const assignmentDeltas = [{ action: 'ADD', assignment: { subjectId: user.id } }]
  await api.done('PATCH', `${applications}/${application.id}:updateAssignments`, { assignmentDeltas })
  const { body: shown } = await api.call('GET', `${applications}/${application.id}`, undefined, { host: 'localhost:80' })

  await idp.cognito.CreateIdentityProvider({
    UserPoolId: world.pool,
    ProviderName: 'Hub',
    ProviderType: 'SAML',
    ProviderDetails: { MetadataURL: shown.identityProviderMetadata.metadataUrl },
    AttributeMapping: { email: 'emailaddress', given_name: 'givenname', family_name: 'surname' },
  })
  const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: world.pool, ClientId: world.client })
  const { LastModifiedDate, CreationDate, ...settings } = UserPoolClient ?? {}
  await idp.cognito.UpdateUserPoolClient({
    ...(settings as { UserPoolId: string; ClientId: string }),
    SupportedIdentityProviders: ['COGNITO', 'Hub'],
  })

  const { seen } = await setOut(idp, world, 'Hub')
  t.equal(seen.last?.page, 'login')
  await seen.submit('login', { username: user.username, password: CHOSEN })
  const { away } = await seen.submit('saml')
  const token = await idTokenFor(idp, world, away as URL)
  t.match(token, { email: 'ada@example.com', given_name: 'Ada', family_name: 'Lovelace', 'cognito:username': /^Hub_/ })
})
