import { Taken } from '../../core/refusal.ts'
import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { checkPool } from '../rules/pools/checks.ts'
import { newPoolId, poolArn } from '../rules/pools/identifiers.ts'
import { holdQuota } from '../rules/pools/quotas.ts'
import { newSchema } from '../rules/pools/schema.ts'
import { filled, poolSettings } from '../rules/pools/settings.ts'
import { poolView } from '../rules/pools/view.ts'

export default operation('CreateUserPool', (input, call) => {
  const UsernameAttributes = filled(input.UsernameAttributes)
  const AliasAttributes = filled(input.AliasAttributes)
  if (UsernameAttributes !== undefined && AliasAttributes !== undefined) call.fail('InvalidParameterException', TWO_KINDS_OF_NAMES)
  const settings = poolSettings(input)
  checkPool(call, input, settings, undefined)
  holdQuota(call, 'pools', () => pools.count(call, ''))
  const SchemaAttributes = newSchema(call, input.Schema)

  const Id = newPoolId(call, input.UserPoolTags)
  const pool = {
    Id,
    Name: input.PoolName,
    ...settings,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
    SchemaAttributes,
    AliasAttributes,
    UsernameAttributes,
    UsernameConfiguration: input.UsernameConfiguration,
    Arn: poolArn(Id),
  }
  try {
    pools.insert(call, '', Id, pool)
  } catch (error) {
    if (error instanceof Taken) call.fail('InvalidParameterException', `A user pool with the id ${Id} exists already.`)
    throw error
  }

  return { UserPool: poolView(call, pool) }
})

/** badmintoncryer/cdk-preflight, a pool deployed in September 2026. */
const TWO_KINDS_OF_NAMES = 'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.'
