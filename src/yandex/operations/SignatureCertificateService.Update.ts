import { certificates, type StoredCertificate } from '../application-records.ts'
import { operation } from '../operation.ts'
import { certificateView, requireCertificate } from '../rules/applications/saml.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'

export default operation('SignatureCertificateService.Update', (input, call) => {
  const certificate = requireCertificate(call, input.signatureCertificateId)
  const { id, applicationId } = certificate

  const members = ['name', 'description']
  const change = patchOf({ name: 'SignatureCertificateService.Update', input, doc: certificate, members })
  return {
    description: 'Update signature certificate',
    metadata: { signatureCertificateId: id },
    response: certificateView(call, laid<StoredCertificate>(certificate, change)),
    about: applicationId,
    changes: [patch(certificates, applicationId, id, change)],
  }
})
