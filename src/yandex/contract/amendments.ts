import type { ProtoContract, ProtoField } from '../../contract/proto.ts'

/** Rules that the contract states and the living service does not hold callers to. */
const LOOSER: readonly { message: string; field: string; rule: Partial<Pick<ProtoField, 'required' | 'size'>> }[] = [
  // A guide makes an application of a client that has no scopes yet, and shows the answer (docs: single sign-on with NetBird).
  {
    message: 'yandex.cloud.organizationmanager.v1.idp.application.oauth.ClientGrant',
    field: 'authorized_scopes',
    rule: { size: '<=1000' },
  },
  // (?) The guide changes addresses without naming the client again, by the CLI and by REST (docs: organization/operations/applications/oidc-create).
  { message: 'yandex.cloud.iam.v1.UpdateOAuthClientRequest', field: 'name', rule: { required: false } },
]

/** The contract as the service keeps to it. */
export function amended(contract: ProtoContract): ProtoContract {
  for (const { message, field, rule } of LOOSER) {
    const found = contract.messages[message]?.fields.find(({ name }) => name === field)
    if (found === undefined) throw new Error(`the contract has no ${message}.${field}`)
    Object.assign(found, rule)
  }
  return contract
}
