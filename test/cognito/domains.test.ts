import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'

const CertificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-EXAMPLE22222'

test('domains', async (t) => {
  const idp = await emulator(t)
  const pool = async (PoolName: string, more: object = {}) => (await idp.cognito.CreateUserPool({ PoolName, ...more })).UserPool?.Id ?? ''
  const KeyConfiguration = { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/mrk-1' }
  const UserPoolId = await pool('people', { KeyConfiguration })
  const other = await pool('others')

  await t.test('CreateUserPoolDomain makes a prefix domain', async (t) => {
    t.strictSame(await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'my-domain' }), { ManagedLoginVersion: 1 })
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.Domain, 'my-domain')
  })

  await t.test('CreateUserPoolDomain makes a custom domain beside it (G8)', async (t) => {
    const CustomDomainConfig = { CertificateArn, SecurityPolicy: 'TLS_V1_2_2021' } as const
    const made = await idp.cognito.CreateUserPoolDomain({
      UserPoolId,
      Domain: 'auth.example.com',
      CustomDomainConfig,
      ManagedLoginVersion: 2,
    })
    t.match(made, { ManagedLoginVersion: 2, CloudFrontDomain: /^d[a-z0-9]{13}\.cloudfront\.net$/ })
    t.equal((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.CustomDomain, 'auth.example.com')
    const { DomainDescription } = await idp.cognito.DescribeUserPoolDomain({ Domain: 'auth.example.com' })
    t.equal(DomainDescription?.CloudFrontDistribution, made.CloudFrontDomain)
    t.strictSame(DomainDescription?.CustomDomainConfig, CustomDomainConfig)
  })

  await t.test('DescribeUserPoolDomain (G8)', async (t) => {
    const { DomainDescription } = await idp.cognito.DescribeUserPoolDomain({ Domain: 'my-domain' })
    const { CloudFrontDistribution, ...rest } = DomainDescription ?? {}
    t.match(CloudFrontDistribution, /^d[a-z0-9]{13}\.cloudfront\.net$/)
    t.strictSame(rest, {
      UserPoolId,
      AWSAccountId: '000000000000',
      Domain: 'my-domain',
      S3Bucket: 'aws-cognito-prod-iad-assets',
      Version: '20260102030405',
      Status: 'ACTIVE',
      CustomDomainConfig: {},
      ManagedLoginVersion: 1,
    })
    t.strictSame(await idp.cognito.DescribeUserPoolDomain({ Domain: 'nobody' }), { DomainDescription: {} })
  })

  await t.test('DeleteUserPool refuses a pool that has a domain (P12)', (t) =>
    refuses(
      t,
      idp.cognito.DeleteUserPool({ UserPoolId }),
      'InvalidParameterException',
      'User pool cannot be deleted. It has a domain configured that should be deleted first.',
    ),
  )

  const format =
    'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$'
  const refusals: [what: string, input: object, message: string][] = [
    ['a second prefix (G8)', { UserPoolId, Domain: 'another' }, 'User pool already has a domain configured.'],
    [
      'a second custom domain (G8)',
      { UserPoolId, Domain: 'login.example.com', CustomDomainConfig: { CertificateArn } },
      'User pool already has a domain configured.',
    ],
    ['a prefix of another pool (G8)', { Domain: 'my-domain' }, 'Domain already associated with another user pool.'],
    [
      'a custom domain of another pool (G8)',
      { Domain: 'auth.example.com', CustomDomainConfig: { CertificateArn } },
      'Domain already associated with another user pool.',
    ],
    ['dots without a certificate (G8)', { Domain: 'login.example.com' }, format],
    ['capitals (G8)', { Domain: 'Login' }, format],
    ['a hyphen at the end', { Domain: 'login-' }, format],
    ['a reserved word', { Domain: 'my-cognito-app' }, 'Domain cannot contain reserved word: cognito'],
    ['another reserved word', { Domain: 'my-aws' }, 'Domain cannot contain reserved word: aws'],
    [
      'a custom domain without a dot',
      { Domain: 'login', CustomDomainConfig: { CertificateArn } },
      'Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.',
    ],
    [
      'routing to where there is no replica',
      { Domain: 'login', Routing: { Failover: { SecondaryRegion: 'eu-west-1' } } },
      'The user pool has no replica in eu-west-1',
    ],
    ['an unknown version (G9)', { Domain: 'login', ManagedLoginVersion: 3 }, 'ManagedLoginVersion must be 1 or 2'],
  ]
  for (const [what, input, message] of refusals) {
    await t.test(`CreateUserPoolDomain refuses ${what}`, (t) =>
      refuses(t, idp.cognito.CreateUserPoolDomain({ UserPoolId: other, Domain: '', ...input }), 'InvalidParameterException', message),
    )
  }

  await t.test('CreateUserPoolDomain takes a word that only holds a reserved one', async (t) => {
    const UserPoolId = await pool('reserved')
    t.ok(await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'my-flaws-awesome' }))
  })

  await t.test('CreateUserPoolDomain refuses a certificate of another region, as the CDN says it', async (t) => {
    const far = CertificateArn.replace('us-east-1', 'eu-west-1')
    const made = idp.cognito.CreateUserPoolDomain({
      UserPoolId: other,
      Domain: 'login.example.com',
      CustomDomainConfig: { CertificateArn: far },
    })
    await t.rejects(made, {
      type: 'InvalidParameterException',
      message:
        /^The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain\. \(Service: CloudFront, Status Code: 400, Request ID: [0-9a-f-]{36}\)$/,
    })
  })

  await t.test('CreateUserPoolDomain has no managed login for the LITE plan (P15)', async (t) => {
    const lite = await pool('lite', { UserPoolTier: 'LITE' })
    await refuses(
      t,
      idp.cognito.CreateUserPoolDomain({ UserPoolId: lite, Domain: 'lite', ManagedLoginVersion: 2 }),
      'FeatureUnavailableInTierException',
      'The following feature is not available for the LITE pricing tier configured: Managed Login Version 2',
    )
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: lite, Domain: 'lite' })
  })

  await t.test('UpdateUserPoolDomain changes what is given and keeps the rest', async (t) => {
    t.strictSame(await idp.cognito.UpdateUserPoolDomain({ UserPoolId, Domain: 'my-domain', ManagedLoginVersion: 2 }), {
      ManagedLoginVersion: 2,
    })
    const next = `${CertificateArn.slice(0, -1)}3`
    const updated = await idp.cognito.UpdateUserPoolDomain({
      UserPoolId,
      Domain: 'auth.example.com',
      CustomDomainConfig: { CertificateArn: next },
    })
    t.match(updated, { ManagedLoginVersion: 2, CloudFrontDomain: /cloudfront\.net$/ })
    const { DomainDescription } = await idp.cognito.DescribeUserPoolDomain({ Domain: 'auth.example.com' })
    t.strictSame(DomainDescription?.CustomDomainConfig, { CertificateArn: next })
    const unknown = 'No such domain or user pool exists.'
    await refuses(t, idp.cognito.UpdateUserPoolDomain({ UserPoolId: other, Domain: 'my-domain' }), 'InvalidParameterException', unknown)
    const prefix = idp.cognito.UpdateUserPoolDomain({ UserPoolId, Domain: 'my-domain', CustomDomainConfig: { CertificateArn } })
    await refuses(t, prefix, 'InvalidParameterException', 'CustomDomainConfig cannot be set for a prefix domain.')
  })

  await t.test('UpdateUserPoolDomain routes to a replica', async (t) => {
    await idp.cognito.CreateUserPoolReplica({ UserPoolId, RegionName: 'eu-west-1' })
    const Routing = { Failover: { SecondaryRegion: 'eu-west-1', PrimaryRoute53HealthCheckId: 'check' } }
    const updated = await idp.cognito.UpdateUserPoolDomain({ UserPoolId, Domain: 'auth.example.com', Routing })
    t.strictSame(updated.Routing, Routing)
    t.strictSame((await idp.cognito.DescribeUserPoolDomain({ Domain: 'auth.example.com' })).DomainDescription?.Routing, Routing)
    await idp.cognito.DeleteUserPoolReplica({ UserPoolId, RegionName: 'eu-west-1' })
  })

  await t.test('DeleteUserPoolDomain sets the domain free', async (t) => {
    await refuses(
      t,
      idp.cognito.DeleteUserPoolDomain({ UserPoolId: other, Domain: 'my-domain' }),
      'InvalidParameterException',
      'No such domain or user pool exists.',
    )
    for (const Domain of ['my-domain', 'auth.example.com']) {
      t.strictSame(await idp.cognito.DeleteUserPoolDomain({ UserPoolId, Domain }), {})
      t.strictSame(await idp.cognito.DescribeUserPoolDomain({ Domain }), { DomainDescription: {} })
    }
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: other, Domain: 'my-domain' })
    t.equal(await idp.cognito.DeleteUserPool({ UserPoolId }), undefined)
  })
})
