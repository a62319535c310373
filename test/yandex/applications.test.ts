import { X509Certificate } from 'node:crypto'
import { test } from 'tap'
import { control } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { IDP, ORGANIZATION, type RestAnswer, rest } from '../support/yandex.ts'

const NOW = '2026-01-02T03:04:05Z'
const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty' }
type Fields = { field: string }[]
const fieldsOf = ({ body }: RestAnswer): string[] => (body.details[1].fieldViolations as Fields).map(({ field }) => field)

test('OAuthClientService and its secrets', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const create = (more: object): Promise<RestAnswer> =>
    api.call('POST', '/iam/v1/oauthClients', { name: 'app', folderId: 'b1gfolder', ...more })

  await t.test('Create, by profile', async (t) => {
    const { body } = await create({ redirectUris: ['https://app.example.com/cb', 'http://localhost:3000/cb'], scopes: ['openid', 'email'] })
    const { '@type': _type, ...made } = body.response
    t.match(made.id, /^aje/)
    t.strictSame(made, {
      id: made.id,
      name: 'app',
      redirectUris: ['https://app.example.com/cb', 'http://localhost:3000/cb'],
      scopes: ['openid', 'email'],
      folderId: 'b1gfolder',
      authenticationMethods: ['client_secret_basic', 'client_secret_post'],
      status: 'ACTIVE',
      profileId: 'web',
    })
    t.strictSame((await api.call('GET', `/iam/v1/oauthClients/${made.id}`)).body, made)
    t.strictSame((await api.call('GET', '/iam/v1/oauthClients?folderId=b1gfolder')).body, { oauthClients: [{ id: made.id, name: 'app' }] })
    t.equal((await create({})).body.code, 6)
    t.equal((await create({ folderId: 'other' })).status, 200)
    t.match((await create({ name: 'spa', profileId: 'user-agent' })).body.response, {
      authenticationMethods: only('none'),
      pkceRequired: true,
    })
    t.equal((await create({ name: 'native', profileId: 'native', redirectUris: ['com.example.app:/cb'] })).status, 200)
    t.same(fieldsOf(await create({ name: 'x', profileId: 'tv' })), ['profile_id'])
    t.same(fieldsOf(await create({ name: 'x', authenticationMethods: ['none'] })), ['authentication_methods[0]'])
    const redirectUris = ['https://ok', 'http://example.com', 'com.example:/cb', 'https://x/#y', 'nonsense']
    t.same(
      fieldsOf(await create({ name: 'x', redirectUris })),
      [1, 2, 3, 4].map((n) => `redirect_uris[${n}]`),
    )
    t.same(
      fieldsOf(await create({ name: 'x', postLogoutRedirectUris: redirectUris })),
      [1, 2, 3, 4].map((n) => `post_logout_redirect_uris[${n}]`),
    )
    const at = await create({ name: 'x', redirectUris: ['https://w.example.com/@warpgate/api/sso/return'] })
    t.match(at.body.message, 'redirect_uris[0]: Must not have the character @')
    t.equal((await create({ name: 'warpgate', redirectUris: ['https://w.example.com/_warpgate/api/sso/return'] })).status, 200)
  })

  await t.test('Update and Delete', async (t) => {
    const { id } = (await create({ name: 'changing', pkceRequired: true, redirectUris: ['https://a'] })).body.response
    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `/iam/v1/oauthClients/${id}`, body)
    const changed = await update({ updateMask: 'name,pkceRequired', name: 'changed', redirectUris: ['https://b'] })
    t.match(changed.body.response, { name: 'changed', redirectUris: only('https://a') })
    t.equal(changed.body.response.pkceRequired, undefined)
    const after = { updateMask: 'postLogoutRedirectUris', postLogoutRedirectUris: ['https://a/gone'] }
    t.match((await update(after)).body.response, { redirectUris: only('https://a'), postLogoutRedirectUris: only('https://a/gone') })
    t.equal((await update({ ...after, postLogoutRedirectUris: [] })).body.response.postLogoutRedirectUris, undefined)
    t.equal((await update({ updateMask: 'name', name: 'app' })).body.code, 6)
    t.equal((await update({ updateMask: 'profileId', name: 'changed' })).body.code, 3)
    t.strictSame((await api.call('DELETE', `/iam/v1/oauthClients/${id}`)).body.response, EMPTY)
    t.equal((await api.call('GET', `/iam/v1/oauthClients/${id}`)).body.code, 5)
  })

  await t.test('secrets are told once', async (t) => {
    const { id: oauthClientId } = (await create({ name: 'secretive' })).body.response
    const { body } = await api.call('POST', '/iam/v1/oauthClientSecrets', { oauthClientId, description: 'D' })
    const { secretValue, oauthClientSecret } = body.response
    t.match(secretValue, /^yccs__[0-9a-f]{64}_[0-9a-f]{8}$/)
    t.strictSame(oauthClientSecret, {
      id: body.metadata.oauthClientSecretId,
      oauthClientId,
      description: 'D',
      maskedSecret: `${secretValue.slice(0, 16)}****`,
      createdAt: NOW,
    })
    t.strictSame((await api.call('GET', `/iam/v1/oauthClientSecrets/${oauthClientSecret.id}`)).body, oauthClientSecret)
    t.strictSame((await api.call('GET', `/iam/v1/oauthClientSecrets?oauthClientId=${oauthClientId}`)).body, {
      oauthClientSecrets: [oauthClientSecret],
    })
    t.equal((await api.call('DELETE', `/iam/v1/oauthClientSecrets/${oauthClientSecret.id}`)).status, 200)
    t.equal((await api.call('GET', `/iam/v1/oauthClientSecrets/${oauthClientSecret.id}`)).body.code, 5)
    const { id: spa } = (await create({ name: 'spa2', profileId: 'user-agent' })).body.response
    t.equal((await api.call('POST', '/iam/v1/oauthClientSecrets', { oauthClientId: spa })).body.code, 9)
  })
})

test('OAuth applications', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const at = `${IDP}/application/oauth/applications`
  const client = async (name: string) =>
    (await api.call('POST', '/iam/v1/oauthClients', { name, folderId: 'f' })).body.response.id as string
  const create = (more: object): Promise<RestAnswer> => api.call('POST', at, { organizationId: ORGANIZATION, name: 'wiki', ...more })
  const clientId = await client('one')
  const clientGrant = { clientId, authorizedScopes: ['openid', 'groups'] }
  const { '@type': _type, ...made } = (await create({ clientGrant, labels: { a: 'b' } })).body.response

  await t.test('Create, Get, List', async (t) => {
    t.strictSame(made, {
      id: made.id,
      name: 'wiki',
      organizationId: ORGANIZATION,
      groupClaimsSettings: { groupDistributionType: 'NONE' },
      clientGrant,
      status: 'ACTIVE',
      labels: { a: 'b' },
      createdAt: NOW,
      updatedAt: NOW,
    })
    t.strictSame((await api.call('GET', `${at}/${made.id}`)).body, made)
    t.strictSame((await api.call('GET', `${at}?organizationId=${ORGANIZATION}`)).body, { applications: [made] })
    t.equal((await create({})).body.code, 6)
    t.equal((await create({ name: 'x', clientGrant })).body.code, 6, 'a client belongs to one application')
    t.equal((await create({ name: 'x', clientGrant: { ...clientGrant, clientId: 'nope' } })).body.code, 5)
    const other = await client('other')
    t.same(fieldsOf(await create({ name: 'x', clientGrant: { clientId: other, authorizedScopes: ['email'] } })), [
      'client_grant.authorized_scopes',
    ])
    t.equal((await api.call('DELETE', `/iam/v1/oauthClients/${clientId}`)).body.code, 9, 'its client stays')
  })

  await t.test('an application that is told its scopes later', async (t) => {
    const later = await client('netbird')
    const { response } = (await create({ name: 'netbird', clientGrant: { clientId: later } })).body
    t.strictSame(response.clientGrant, { clientId: later })
    const more = { updateMask: 'clientGrant', clientGrant: { clientId: later, authorizedScopes: ['openid', 'email'] } }
    const told = await api.call('PATCH', `${at}/${response.id}`, more)
    t.strictSame(told.body.response.clientGrant, { clientId: later, authorizedScopes: ['openid', 'email'] })
  })

  await t.test('Update', async (t) => {
    const two = await client('two')
    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `${at}/${made.id}`, body)
    const { response } = (
      await update({
        updateMask: 'client_grant.client_id,description',
        description: 'D',
        clientGrant: { clientId: two, authorizedScopes: ['openid'] },
      })
    ).body
    t.match(response, { description: 'D', clientGrant: { clientId: two, authorizedScopes: only('openid', 'groups') } })
    t.equal((await create({ name: 'first', clientGrant })).status, 200, 'the first client is free')
    t.equal((await update({ updateMask: 'clientGrant', clientGrant })).body.code, 6)
    t.equal((await update({ updateMask: 'groupClaimsSettings' })).body.response.groupClaimsSettings.groupDistributionType, 'NONE')
  })

  await t.test('Suspend and Reactivate answer the application', async (t) => {
    const call = async (verb: string) => (await api.call('POST', `${at}/${made.id}:${verb}`, {})).body.response
    t.match(await call('suspend'), { id: made.id, status: 'SUSPENDED' })
    t.match(await call('reactivate'), { id: made.id, status: 'ACTIVE' })
  })

  await t.test('assignments, of which those that say nothing are ignored', async (t) => {
    const pool = await api.pool()
    const user = await api.user({ userpoolId: pool.id })
    const group = (await api.call('POST', '/organization-manager/v1/groups', { organizationId: ORGANIZATION, name: 'g' })).body.response
    const update = async (...deltas: [action: string, subjectId: string][]) => {
      const assignmentDeltas = deltas.map(([action, subjectId]) => ({ action, assignment: { subjectId } }))
      const { body } = await api.call('PATCH', `${at}/${made.id}:updateAssignments`, { assignmentDeltas })
      return body.response.assignmentDeltas?.map(({ assignment }: { assignment: { subjectId: string } }) => assignment.subjectId)
    }
    const list = async () => (await api.call('GET', `${at}/${made.id}:listAssignments`)).body
    t.same(await update(['ADD', user.id], ['ADD', group.id], ['ADD', user.id], ['ADD', 'nope']), [user.id, group.id])
    t.strictSame(await list(), { assignments: [{ subjectId: user.id }, { subjectId: group.id }] })
    t.same(await update(['REMOVE', 'nope'], ['REMOVE', group.id], ['ADD', user.id]), [group.id])
    await api.call('DELETE', `${IDP}/users/${user.id}`)
    t.strictSame(await list(), {}, 'a deleted user is not assigned')
  })

  await t.test('access bindings, operations, Delete', async (t) => {
    const accessBinding = { roleId: 'viewer', subject: { id: 'x', type: 'userAccount' } }
    t.equal((await api.call('POST', `${at}/${made.id}:setAccessBindings`, { accessBindings: [accessBinding] })).status, 200)
    const accessBindingDeltas = [{ action: 'REMOVE', accessBinding }]
    t.equal((await api.call('PATCH', `${at}/${made.id}:updateAccessBindings`, { accessBindingDeltas })).status, 200)
    t.strictSame((await api.call('GET', `${at}/${made.id}:listAccessBindings`)).body, {})
    t.ok((await api.call('GET', `${at}/${made.id}/operations`)).body.operations.length >= 6)

    const namespace = idp.app.emulator.namespace()
    control.setPolicy(namespace, { kind: '*', runs: 'manual' })
    const { body } = await api.call('DELETE', `${at}/${made.id}`)
    t.equal((await api.call('GET', `${at}/${made.id}`)).body.status, 'DELETING')
    control.complete(namespace, body.id)
    t.equal((await api.call('GET', `${at}/${made.id}`)).body.code, 5)
    const slow = await create({ name: 'slow' })
    t.equal((await api.call('GET', `${at}/${slow.body.metadata.applicationId}`)).body.status, 'CREATING')
    control.fail(namespace, slow.body.id, { code: 'INTERNAL' })
    t.equal((await api.call('GET', `${at}/${slow.body.metadata.applicationId}`)).body.code, 5)
  })
})

test('SAML applications and their certificates', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const at = `${IDP}/application/saml/applications`
  const serviceProvider = {
    entityId: 'https://sp.example.com',
    acsUrls: [
      { url: 'https://sp.example.com/acs', index: '1' },
      { url: 'http://localhost:8080/acs', index: '2' },
    ],
    sloUrls: [{ url: 'https://sp.example.com/slo', protocolBinding: 'HTTP_POST' }],
  }
  const create = (more: object): Promise<RestAnswer> =>
    api.call('POST', at, { organizationId: ORGANIZATION, name: 'wiki', serviceProvider, ...more })
  const { '@type': _type, ...made } = (await create({})).body.response
  const certificatesAt = `${IDP}/application/saml/signature-certificates`
  const certificates = async () => (await api.call('GET', `${certificatesAt}?applicationId=${made.id}`)).body.signatureCertificates

  await t.test('Create, Get, List', async (t) => {
    const [first] = await certificates()
    t.strictSame(made, {
      id: made.id,
      organizationId: ORGANIZATION,
      name: 'wiki',
      status: 'ACTIVE',
      createdAt: NOW,
      updatedAt: NOW,
      serviceProvider,
      securitySettings: { signatureMode: 'ASSERTIONS', signatureCertificateId: first.id },
      attributeMapping: {
        nameId: { format: 'EMAIL', value: 'SubjectClaims.preferred_username' },
        attributes: [
          { name: 'givenname', value: 'SubjectClaims.given_name' },
          { name: 'fullname', value: 'SubjectClaims.name' },
          { name: 'surname', value: 'SubjectClaims.family_name' },
          { name: 'emailaddress', value: 'SubjectClaims.email' },
        ],
      },
      groupClaimsSettings: { groupDistributionType: 'NONE' },
      identityProviderMetadata: {
        issuer: `http://localhost:80/saml/application/${made.id}`,
        ssoUrl: `http://localhost:80/saml/application/${made.id}/sso`,
        metadataUrl: `http://localhost:80/saml/metadata/${made.id}`,
        sloUrl: `http://localhost:80/saml/application/${made.id}/slo`,
      },
    })
    t.strictSame((await api.call('GET', `${at}/${made.id}`)).body, made)
    t.strictSame((await api.call('GET', `${at}?organizationId=${ORGANIZATION}`)).body, { applications: [made] })
    t.equal((await create({})).body.code, 6)
    t.same(fieldsOf(await create({ name: 'x', serviceProvider: { ...serviceProvider, acsUrls: [{ url: 'http://sp.example.com' }] } })), [
      'service_provider.acs_urls[0].url',
    ])
    const attributeMapping = { nameId: { format: 'EMAIL' }, attributes: [{ name: 'x', value: 'SubjectClaims.shoe_size' }] }
    t.same(fieldsOf(await create({ name: 'x', attributeMapping })), ['attribute_mapping.attributes[0].value'])
    const values = (await api.call('GET', `${at}:listSupportedAttributeValues`)).body.supportedAttributeValues
    const listed = ['sub', 'name', 'given_name', 'family_name', 'preferred_username', 'email', 'phone_number', 'company_name']
    t.same(
      values.map(({ value }: { value: string }) => value),
      [...listed, 'department', 'job_title', 'employee_id'].map((claim) => `SubjectClaims.${claim}`),
    )
    const picture = { nameId: { format: 'EMAIL' }, attributes: [{ name: 'x', value: 'SubjectClaims.picture' }] }
    t.same(fieldsOf(await create({ name: 'x', attributeMapping: picture })), ['attribute_mapping.attributes[0].value'])
  })

  await t.test('the value of a NameID changes with its format', async (t) => {
    const named = (body: { response?: { attributeMapping: { nameId: object } } }) => body.response?.attributeMapping.nameId
    const nameId = async (of: object, updateMask = 'attributeMapping.nameId') =>
      named((await api.call('PATCH', `${at}/${made.id}`, { updateMask, attributeMapping: { nameId: of } })).body)
    t.same(await nameId({ format: 'PERSISTENT' }, 'attributeMapping.nameId.format'), { format: 'PERSISTENT', value: 'SubjectClaims.sub' })
    t.same(await nameId({ format: 'EMAIL' }), { format: 'EMAIL', value: 'SubjectClaims.preferred_username' })
    const own = { format: 'EMAIL', value: 'SubjectClaims.email' }
    t.same(await nameId(own), own, 'unless the request says which it is')
    t.same(await nameId({ format: 'EMAIL', value: 'SubjectClaims.preferred_username' }), made.attributeMapping.nameId)
    const { body } = await create({ name: 'persistent', attributeMapping: { nameId: { format: 'PERSISTENT' } } })
    t.same(named(body), { format: 'PERSISTENT', value: 'SubjectClaims.sub' })
    await api.done('DELETE', `${at}/${body.response.id}`)
  })

  await t.test('either all ACS URLs have an index or none', async (t) => {
    const urls = (...indexes: (string | undefined)[]) => ({
      ...serviceProvider,
      acsUrls: indexes.map((index, place) => ({ url: `https://sp.example.com/${place}`, index })),
    })
    t.same(fieldsOf(await create({ name: 'x', serviceProvider: urls('1', undefined, '3') })), ['service_provider.acs_urls[1].index'])
    for (const fine of [urls(undefined, undefined), urls('0', '1')]) {
      const { body } = await create({ name: 'fine', serviceProvider: fine })
      await api.done('DELETE', `${at}/${body.response.id}`)
    }
  })

  await t.test('certificates are real', async (t) => {
    const [first] = await certificates()
    const x509 = new X509Certificate(first.data)
    t.ok(x509.checkIssued(x509))
    t.ok(x509.verify(x509.publicKey))
    t.equal(x509.fingerprint256.replaceAll(':', '').toLowerCase(), first.fingerprint)
    t.equal(Date.parse(x509.validTo), Date.parse(first.notAfter))
    t.equal(first.status, 'ACTIVE')

    const { body } = await api.call('POST', certificatesAt, { applicationId: made.id, name: 'second', description: 'D' })
    const { '@type': _type, ...second } = body.response
    t.match(second, { applicationId: made.id, name: 'second', description: 'D', status: 'INACTIVE' })
    t.not(second.fingerprint, first.fingerprint)
    t.strictSame((await api.call('GET', `${certificatesAt}/${second.id}`)).body, second)
    const updated = await api.call('PATCH', `${certificatesAt}/${second.id}`, { updateMask: 'name', name: 'renamed' })
    t.match(updated.body.response, { name: 'renamed', description: 'D' })

    t.equal((await api.call('DELETE', `${certificatesAt}/${first.id}`)).body.code, 9, 'the active one')
    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `${at}/${made.id}`, body)
    const switched = await update({
      updateMask: 'securitySettings.signatureCertificateId',
      securitySettings: { signatureCertificateId: second.id },
    })
    t.strictSame(switched.body.response.securitySettings, { signatureMode: 'ASSERTIONS', signatureCertificateId: second.id })
    t.equal((await api.call('GET', `${certificatesAt}/${second.id}`)).body.status, 'ACTIVE')
    t.equal((await api.call('DELETE', `${certificatesAt}/${first.id}`)).status, 200)
    t.equal((await update({ updateMask: 'securitySettings', securitySettings: { signatureCertificateId: first.id } })).body.code, 5)
    const other = (await create({ name: 'other' })).body.response.securitySettings.signatureCertificateId
    t.same(fieldsOf(await update({ updateMask: 'securitySettings', securitySettings: { signatureCertificateId: other } })), [
      'security_settings.signature_certificate_id',
    ])
  })

  await t.test('Update, Suspend, Reactivate, assignments, bindings, operations, Delete', async (t) => {
    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `${at}/${made.id}`, body)
    const acsUrls = [{ url: 'https://new.example.com/acs' }]
    const { response } = (await update({ updateMask: 'serviceProvider.acsUrls', serviceProvider: { entityId: 'not-named', acsUrls } })).body
    t.strictSame(response.serviceProvider, { ...serviceProvider, acsUrls })
    t.equal((await api.call('POST', `${at}/${made.id}:suspend`, {})).body.response.status, 'SUSPENDED')
    t.equal((await api.call('POST', `${at}/${made.id}:reactivate`, {})).body.response.status, 'ACTIVE')
    const assignmentDeltas = [{ action: 'ADD', assignment: { subjectId: 'ajedemo0000000000000' } }]
    t.same(
      (await api.call('PATCH', `${at}/${made.id}:updateAssignments`, { assignmentDeltas })).body.response.assignmentDeltas,
      assignmentDeltas,
    )
    t.same((await api.call('GET', `${at}/${made.id}:listAssignments`)).body.assignments, [{ subjectId: 'ajedemo0000000000000' }])
    const accessBinding = { roleId: 'viewer', subject: { id: 'x', type: 'userAccount' } }
    const accessBindingDeltas = [{ action: 'ADD', accessBinding }]
    t.equal((await api.call('PATCH', `${at}/${made.id}:updateAccessBindings`, { accessBindingDeltas })).status, 200)
    t.same((await api.call('GET', `${at}/${made.id}:listAccessBindings`)).body.accessBindings, [accessBinding])
    t.equal((await api.call('POST', `${at}/${made.id}:setAccessBindings`, {})).status, 200)
    t.ok((await api.call('GET', `${at}/${made.id}/operations`)).body.operations.length > 5)
    const [certificate] = await certificates()
    t.strictSame((await api.call('DELETE', `${at}/${made.id}`)).body.response, EMPTY)
    t.equal((await api.call('GET', `${at}/${made.id}`)).body.code, 5)
    t.equal((await api.call('GET', `${certificatesAt}/${certificate.id}`)).body.code, 5)
  })
})
