import type { Call } from '../../core/call.ts'
import type { ApiEndpoint } from '../contract/types.ts'

/** Services that clients look for (yandex-idp 1, yandex-clients 0); all are served on one address here. */
const SERVICES = ['endpoint', 'iam', 'operation', 'organization-manager', 'organizationmanager']

const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' }

/** Under the address by which the caller reached us, with its port, as clients dial it. */
export function endpoints(call: Call): ApiEndpoint[] {
  const { hostname, port, protocol } = new URL(call.origin.base)
  const address = `${hostname}:${port === '' ? PORTS[protocol] : port}`
  return SERVICES.map((id) => ({ id, address }))
}
