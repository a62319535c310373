import { operation } from '../operation.ts'
import { LARGEST_PAGE } from '../rules/paging.ts'
import { INVALID_TOKEN } from '../rules/pools/checks.ts'
import { eventsOf, eventToken, requireThreatProtection } from '../rules/threats/auth-events.ts'
import { require } from '../rules/users/users.ts'

export default operation('AdminListUserAuthEvents', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireThreatProtection(call, pool)
  const user = require(call, pool, input.Username)
  const events = eventsOf(call, pool, user)
  const { NextToken, MaxResults } = input
  const last = NextToken === undefined ? -1 : events.findIndex((event) => eventToken(event) === NextToken)
  if (NextToken !== undefined && last === -1) call.fail('InvalidParameterException', INVALID_TOKEN)

  const end = last + 1 + (MaxResults || LARGEST_PAGE)
  const shown = events.slice(last + 1, end)
  const next = end < events.length ? shown.at(-1) : undefined
  return { AuthEvents: shown, NextToken: next && eventToken(next) }
})
