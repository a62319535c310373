import { operation } from '../operation.ts'
import { uiCustomizations } from '../records.ts'
import { ALL, customized, requireAnyDomain, uiView } from '../rules/look/ui-customization.ts'

/** The client's own, else that of all clients, else an empty one. */
export default operation('GetUICustomization', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = customized(call, pool, input.ClientId)
  requireAnyDomain(call, pool)
  const found = uiCustomizations.get(call, pool.Id, client) ?? uiCustomizations.get(call, pool.Id, ALL)

  return { UICustomization: found === undefined ? {} : uiView(call, found) }
})
