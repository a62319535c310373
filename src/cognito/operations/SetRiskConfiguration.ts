import type { RiskConfigurationType } from '../contract/types.ts'
import { operation } from '../operation.ts'
import { riskConfigurations } from '../records.ts'
import { checkRanges, EVERY_EVENT, POOL } from '../rules/threats/risk.ts'

/**
 * Set anew each time; a call without any of the three parts clears (X5). Terraform's tests set it on pools that never had threat
 * protection, so the add-on is not asked for; without it nothing looks at the configuration.
 */
export default operation('SetRiskConfiguration', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = input.ClientId === undefined ? undefined : call.client(pool, input.ClientId)
  const { CompromisedCredentialsRiskConfiguration: compromised, AccountTakeoverRiskConfiguration, RiskExceptionConfiguration } = input
  checkRanges(call, RiskExceptionConfiguration?.BlockedIPRangeList)
  checkRanges(call, RiskExceptionConfiguration?.SkippedIPRangeList)

  const key = client?.ClientId ?? POOL
  const configuration: RiskConfigurationType = {
    UserPoolId: pool.Id,
    ClientId: client?.ClientId,
    CompromisedCredentialsRiskConfiguration: compromised && { ...compromised, EventFilter: compromised.EventFilter ?? EVERY_EVENT },
    AccountTakeoverRiskConfiguration,
    RiskExceptionConfiguration,
    LastModifiedDate: call.seconds,
  }
  if (compromised ?? AccountTakeoverRiskConfiguration ?? RiskExceptionConfiguration) {
    riskConfigurations.put(call, pool.Id, key, configuration)
  } else {
    riskConfigurations.remove(call, pool.Id, key)
  }

  return { RiskConfiguration: configuration }
})
