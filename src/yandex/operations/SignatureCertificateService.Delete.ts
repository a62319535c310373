import { certificates } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { isActive, requireCertificate } from '../rules/applications/saml.ts'
import { drop } from '../rules/running/changes.ts'

/** Not the one that its application signs with (a guess, yandex-idp 15). */
export default operation('SignatureCertificateService.Delete', (input, call) => {
  const certificate = requireCertificate(call, input.signatureCertificateId ?? '')
  const { id, applicationId } = certificate

  if (isActive(call, certificate)) call.fail('FAILED_PRECONDITION', `Signature certificate ${id} is active`)

  return {
    description: 'Delete signature certificate',
    metadata: { signatureCertificateId: id },
    response: {},
    about: applicationId,
    changes: [drop(certificates, applicationId, id), drop(homes, 'saml-certificate', id)],
  }
})
