import { operation } from '../operation.ts'
import { startJob } from '../rules/imports/jobs.ts'

export default operation('StartUserImportJob', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserImportJob: startJob(call, pool, input.JobId).shown }
})
