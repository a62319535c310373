import { operation } from '../operation.ts'
import { type ImportJob, importJobs } from '../records.ts'
import { paged, slice } from '../rules/paging.ts'

export default operation('ListUserImportJobs', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const asked = { token: input.PaginationToken, limit: input.MaxResults }

  // The last made comes first.
  const { items, token } = paged<ImportJob>(call, ['ListUserImportJobs', pool.Id], asked, (range) =>
    slice(importJobs.all(call, pool.Id).reverse(), range),
  )

  return { UserImportJobs: items.map(({ shown }) => shown), PaginationToken: token }
})
