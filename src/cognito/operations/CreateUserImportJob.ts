import { operation } from '../operation.ts'
import { addJob, newJobId } from '../rules/imports/jobs.ts'
import { preSignedUrl } from '../rules/imports/urls.ts'

export default operation('CreateUserImportJob', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  const JobId = newJobId(call)
  const { shown } = addJob(call, pool, {
    JobName: input.JobName,
    JobId,
    UserPoolId: pool.Id,
    PreSignedUrl: preSignedUrl(call, pool, JobId),
    CreationDate: call.seconds,
    Status: 'Created',
    CloudWatchLogsRoleArn: input.CloudWatchLogsRoleArn,
    ImportedUsers: 0,
    SkippedUsers: 0,
    FailedUsers: 0,
    PasswordHashingAlgorithm: input.PasswordHashingAlgorithm,
  })

  return { UserImportJob: shown }
})
