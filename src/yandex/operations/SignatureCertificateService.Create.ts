import { certificates } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { certificateView, newCertificate, requireSaml } from '../rules/applications/saml.ts'
import { put } from '../rules/running/changes.ts'

/** The key pair is made here; the application goes on signing with the certificate it has. */
export default operation('SignatureCertificateService.Create', (input, call) => {
  const { name, description } = input
  const { id: applicationId } = requireSaml(call, input.applicationId)

  const certificate = newCertificate(call, call.id('ek0'), applicationId, { name, description })
  return {
    description: 'Create signature certificate',
    metadata: { signatureCertificateId: certificate.id },
    response: certificateView(call, certificate),
    about: applicationId,
    changes: [
      put(certificates, applicationId, certificate.id, certificate),
      put(homes, 'saml-certificate', certificate.id, { parent: applicationId }),
    ],
  }
})
