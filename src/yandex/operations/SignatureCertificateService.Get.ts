import { operation } from '../operation.ts'
import { certificateView, requireCertificate } from '../rules/saml.ts'

export default operation('SignatureCertificateService.Get', (input, call) =>
  certificateView(call, requireCertificate(call, input.signatureCertificateId)),
)
