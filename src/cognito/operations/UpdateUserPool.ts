import { operation } from '../operation.ts'
import { mfaSettings, pools, replicas } from '../records.ts'
import { requireNoImport } from '../rules/imports/jobs.ts'
import { checkPool } from '../rules/pools/checks.ts'
import { replicaHere, requireRegional } from '../rules/pools/replicas.ts'
import { updatedSettings } from '../rules/pools/settings.ts'

export default operation('UpdateUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireNoImport(call, pool)
  const replica = replicaHere(call, pool)
  if (replica !== undefined) requireRegional(call, replica, input)
  const settings = updatedSettings(input, pool)
  const { EmailConfiguration, SmsConfiguration, LambdaConfig } = settings
  const own = { EmailConfiguration, SmsConfiguration, LambdaConfig }
  checkPool(call, input, replica === undefined ? settings : { ...pool, ...own }, mfaSettings.get(call, pool.Id, ''))

  if (replica === undefined) {
    pools.put(call, '', pool.Id, { ...pool, ...settings, Name: input.PoolName ?? pool.Name, LastModifiedDate: call.seconds })
  } else {
    replicas.put(call, pool.Id, replica.region, { ...replica, own, tags: input.UserPoolTags ?? replica.tags })
  }

  return {}
})
