import { operation } from '../operation.ts'
import { certificateView, requireCertificate } from '../rules/applications/saml.ts'

export default operation('SignatureCertificateService.Get', (input, call) =>
  certificateView(call, requireCertificate(call, input.signatureCertificateId)),
)
