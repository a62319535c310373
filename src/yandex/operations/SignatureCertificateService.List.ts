import { certificates } from '../application-records.ts'
import { operation } from '../operation.ts'
import { certificateView, requireSaml } from '../rules/applications/saml.ts'
import { page } from '../rules/lists.ts'

export default operation('SignatureCertificateService.List', (input, call) => {
  const { id } = requireSaml(call, input.applicationId)

  const { items, nextPageToken } = page(
    input,
    ['certificates', id],
    (range) => {
      const { items, next } = certificates.page(call, id, range)
      return { items: items.map((certificate) => certificateView(call, certificate)), next }
    },
    ['id', 'name', 'status'],
  )

  return { signatureCertificates: items, nextPageToken }
})
