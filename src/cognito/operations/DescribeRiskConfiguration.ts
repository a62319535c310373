import { operation } from '../operation.ts'
import { riskConfigurations } from '../records.ts'
import { POOL } from '../rules/threats/risk.ts'

export default operation('DescribeRiskConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = input.ClientId === undefined ? undefined : call.client(pool, input.ClientId)
  const configuration = riskConfigurations.get(call, pool.Id, client?.ClientId ?? POOL)

  return { RiskConfiguration: configuration ?? { UserPoolId: pool.Id, ClientId: client?.ClientId } }
})
