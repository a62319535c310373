import { operation } from '../operation.ts'
import { endpoints } from '../rules/endpoints.ts'

export default operation('ApiEndpointService.Get', (input, call) => {
  const endpoint = endpoints(call).find(({ id }) => id === input.apiEndpointId)

  return endpoint ?? call.fail('NOT_FOUND', `Endpoint ${input.apiEndpointId ?? ''} not found`)
})
