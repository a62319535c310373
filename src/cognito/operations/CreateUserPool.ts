import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { newPoolId, poolArn } from '../rules/identifiers.ts'
import { filled, poolSettings } from '../rules/pool-settings.ts'
import { newSchema } from '../rules/schema.ts'

export default operation('CreateUserPool', (input, call) => {
  const settings = poolSettings(input, undefined)
  const SchemaAttributes = newSchema(call, input.Schema)

  const Id = newPoolId(call)
  const pool = pools.insert(call, '', Id, {
    Id,
    Name: input.PoolName,
    ...settings,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
    SchemaAttributes,
    AliasAttributes: filled(input.AliasAttributes),
    UsernameAttributes: filled(input.UsernameAttributes),
    UsernameConfiguration: input.UsernameConfiguration,
    Arn: poolArn(Id),
  })

  return { UserPool: { ...pool, EstimatedNumberOfUsers: 0 } }
})
