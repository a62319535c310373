import { certificates, type StoredSaml, samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { requireFreeApplicationName } from '../rules/applications/applications.ts'
import { completed, DEFAULT_MAPPING, DEFAULT_MODE, newCertificate, requireConsistent, samlView } from '../rules/applications/saml.ts'
import { drop, put } from '../rules/running/changes.ts'

/** The first certificate is made with it (yandex-idp 15). */
export default operation('saml.ApplicationService.Create', (input, call) => {
  const { id: organizationId } = call.organization(input.organizationId)

  requireFreeApplicationName(call, samlApplications.all(call, organizationId), input.name)
  requireConsistent(input)

  const id = call.id('ek0')
  const certificate = newCertificate(call, call.id('ek0'), id)
  const application: StoredSaml = {
    groupClaimsSettings: { groupDistributionType: 'NONE' },
    ...input,
    id,
    status: 'ACTIVE',
    createdAt: call.timestamp,
    updatedAt: call.timestamp,
    attributeMapping: completed(input.attributeMapping ?? DEFAULT_MAPPING),
    securitySettings: { signatureMode: input.securitySettings?.signatureMode ?? DEFAULT_MODE, signatureCertificateId: certificate.id },
  }
  const filed = (status: 'CREATING' | 'ACTIVE') => [
    put(samlApplications, organizationId, id, { ...application, status }),
    put(homes, 'saml-application', id, { parent: organizationId }),
    put(certificates, id, certificate.id, certificate),
    put(homes, 'saml-certificate', certificate.id, { parent: id }),
  ]
  return {
    description: 'Create application',
    metadata: { applicationId: id },
    response: samlView(call, application),
    about: id,
    changes: filed('ACTIVE'),
    meanwhile: filed('CREATING'),
    otherwise: [
      drop(samlApplications, organizationId, id),
      drop(homes, 'saml-application', id),
      drop(certificates, id, certificate.id),
      drop(homes, 'saml-certificate', certificate.id),
    ],
  }
})
