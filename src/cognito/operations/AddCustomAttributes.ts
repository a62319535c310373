import { operation } from '../operation.ts'
import { pools } from '../records.ts'
import { requireNoImport } from '../rules/imports/jobs.ts'
import { withCustom } from '../rules/pools/schema.ts'

export default operation('AddCustomAttributes', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireNoImport(call, pool)
  const SchemaAttributes = withCustom(call, pool.SchemaAttributes, input.CustomAttributes)

  pools.put(call, '', pool.Id, { ...pool, SchemaAttributes, LastModifiedDate: call.seconds })

  return {}
})
