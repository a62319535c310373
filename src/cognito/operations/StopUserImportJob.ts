import { operation } from '../operation.ts'
import { stopJob } from '../rules/imports/jobs.ts'

export default operation('StopUserImportJob', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserImportJob: stopJob(call, pool, input.JobId).shown }
})
