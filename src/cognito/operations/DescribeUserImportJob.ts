import { operation } from '../operation.ts'
import { requireJob } from '../rules/imports/jobs.ts'

export default operation('DescribeUserImportJob', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserImportJob: requireJob(call, pool, input.JobId).shown }
})
