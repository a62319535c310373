import { ACCOUNT } from '../call.ts'
import { operation } from '../operation.ts'
import {
  addDomain,
  bucket,
  checkCertificate,
  checkDomainName,
  checkRouting,
  checkVacancy,
  checkVersion,
  distribution,
  versionAt,
} from '../rules/pools/domains.ts'

/** (?) What a domain is branded with if the call does not say. */
const CLASSIC = 1

export default operation('CreateUserPoolDomain', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { Domain, CustomDomainConfig, ManagedLoginVersion = CLASSIC, Routing } = input
  const custom = CustomDomainConfig !== undefined
  checkDomainName(call, Domain, custom)
  checkCertificate(call, CustomDomainConfig)
  checkVersion(call, pool, ManagedLoginVersion)
  checkRouting(call, pool, Routing)
  checkVacancy(call, pool, Domain, custom)

  const { CloudFrontDistribution } = addDomain(call, pool, {
    UserPoolId: pool.Id,
    AWSAccountId: ACCOUNT,
    Domain,
    S3Bucket: bucket(pool),
    CloudFrontDistribution: distribution(call, pool, custom),
    Version: versionAt(call.now),
    Status: 'ACTIVE',
    CustomDomainConfig,
    ManagedLoginVersion,
    Routing,
  })

  return { ManagedLoginVersion, CloudFrontDomain: custom ? CloudFrontDistribution : undefined, Routing }
})
