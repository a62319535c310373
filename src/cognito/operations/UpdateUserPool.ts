import { operation } from '../operation.ts'
import { mfaSettings, pools } from '../records.ts'
import { requireNoImport } from '../rules/imports/jobs.ts'
import { checkPool } from '../rules/pool-checks.ts'
import { updatedSettings } from '../rules/pool-settings.ts'

export default operation('UpdateUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireNoImport(call, pool)
  const settings = updatedSettings(input, pool)
  checkPool(call, input, settings, mfaSettings.get(call, pool.Id, ''))

  pools.put(call, '', pool.Id, { ...pool, ...settings, Name: input.PoolName ?? pool.Name, LastModifiedDate: call.seconds })

  return {}
})
