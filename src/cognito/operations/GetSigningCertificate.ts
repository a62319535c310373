import { operation } from '../operation.ts'
import { signingCertificate } from '../rules/pools/certificates.ts'

export default operation('GetSigningCertificate', (input, call) => {
  const pool = call.pool(input.UserPoolId)

  return { Certificate: signingCertificate(call, pool) }
})
