import { operation } from '../operation.ts'
import { mfaSettings, pools } from '../records.ts'
import { requireNoImport } from '../rules/imports/jobs.ts'
import { checkPool } from '../rules/pool-checks.ts'
import { poolSettings } from '../rules/pool-settings.ts'

/**
 * Replaces everything that is not fixed; only the tier and dynamic client registration survive when they are left
 * out (cognito-behaviour P8, after the reference).
 * (?) Measured in August 2026 (cdkd#1968, #1982), a pool also kept MfaConfiguration and Policies that were left out.
 */
export default operation('UpdateUserPool', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireNoImport(call, pool)
  const settings = poolSettings(input, pool)
  checkPool(call, input, settings, mfaSettings.get(call, pool.Id, ''))

  pools.put(call, '', pool.Id, { ...pool, ...settings, Name: input.PoolName ?? pool.Name, LastModifiedDate: call.seconds })

  return {}
})
