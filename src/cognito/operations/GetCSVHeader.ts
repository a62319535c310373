import { operation } from '../operation.ts'
import { columnsOf } from '../rules/imports/columns.ts'

export default operation('GetCSVHeader', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { UserPoolId: pool.Id, CSVHeader: columnsOf(pool) }
})
