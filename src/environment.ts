import { OWN_SECRET, ownKey } from './http/access-keys.ts'

/** For whom variables can be had; `all` is the union of them, `dotenv` and `github` say only how they are written. */
export const TARGETS = [
  'all',
  'aws-sdk',
  'boto3',
  'terraform',
  'amplify',
  'yandex',
  'yc-node',
  'yc-go',
  'yc-python',
  'harmony',
  'dotenv',
  'github',
] as const

export type Target = (typeof TARGETS)[number]

export interface Place {
  /** The base URL of the namespace. */
  url: string
  namespace: string
  /** The development authority's file, where TLS is on. */
  caFile?: string | undefined
  /** The base URL of the TLS port, where there is one: clients of Yandex speak no other. */
  secureUrl?: string | undefined
}

/** The variables by which unmodified clients come here instead of to the living services. */
export function environment(place: Place, target: Target = 'all'): Record<string, string> {
  const { url } = place
  const common = { POOLHOUSE_URL: url }
  switch (target) {
    case 'aws-sdk':
    case 'amplify':
      return { ...common, ...aws(place), ...trusting(place, 'NODE_EXTRA_CA_CERTS') }
    case 'boto3':
      return { ...common, ...aws(place), ...trusting(place, 'AWS_CA_BUNDLE') }
    case 'terraform':
      return { ...common, ...aws(place), ...yandex(place), ...trusting(place, 'SSL_CERT_FILE', 'AWS_CA_BUNDLE') }
    case 'yandex':
    case 'yc-node':
      return { ...common, ...yandex(place), ...trusting(place, 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'NODE_EXTRA_CA_CERTS') }
    case 'yc-go':
      return { ...common, ...yandex(place), ...trusting(place, 'SSL_CERT_FILE') }
    case 'yc-python':
      return { ...common, ...yandex(place), ...trusting(place, 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'SSL_CERT_FILE') }
    case 'harmony':
      return { ...common, ...harmony(place), ...trusting(place, 'NODE_EXTRA_CA_CERTS') }
    case 'all':
    case 'dotenv':
    case 'github':
      return { ...common, ...aws(place), ...yandex(place), ...harmony(place), ...trusting(place, ...TRUST) }
  }
}

function aws({ url, namespace }: Place): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: ownKey(namespace),
    AWS_SECRET_ACCESS_KEY: OWN_SECRET,
  }
}

/** Clients of Yandex know a host and a port; which scheme they speak is their own setting. */
function yandex({ url, secureUrl = url }: Place): Record<string, string> {
  return {
    YC_ENDPOINT: new URL(secureUrl).host,
    // The form of an IAM token, which spares clients the exchange of another kind for one.
    YC_TOKEN: 't1.poolhouse.local',
  }
}

function harmony({ url }: Place): Record<string, string> {
  return { HARMONY_AUTH_URL: `${url}/harmony` }
}

/** Variables by which clients of each kind are told whom to trust: Node, OpenSSL and Go, gRPC, AWS. */
export const TRUST = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'AWS_CA_BUNDLE'] as const

function trusting({ caFile }: Place, ...names: readonly (typeof TRUST)[number][]): Record<string, string> {
  return caFile === undefined ? {} : Object.fromEntries(names.map((name) => [name, caFile]))
}

/** How variables are written. */
export const FORMS: Readonly<Record<string, (name: string, value: string) => string>> = {
  shell: (name, value) => `export ${name}='${value}'`,
  dotenv: (name, value) => `${name}=${value}`,
  github: (name, value) => `${name}=${value}`,
  powershell: (name, value) => `$env:${name} = '${value}'`,
}
