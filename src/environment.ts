import { DEFAULT_NAMESPACE } from './core/emulator.ts'

/** For whom variables can be had; `all` is the union of them. */
export const TARGETS = ['all', 'aws-sdk', 'boto3', 'terraform', 'amplify', 'yandex', 'harmony'] as const

export type Target = (typeof TARGETS)[number]

export interface Place {
  /** The base URL of the namespace. */
  url: string
  namespace: string
  /** The development authority's file, where TLS is on. */
  caFile?: string | undefined
}

/** The variables by which unmodified clients come here instead of to the living services. */
export function environment(place: Place, target: Target = 'all'): Record<string, string> {
  const { url } = place
  const common = { POOLHOUSE_URL: url }
  switch (target) {
    case 'aws-sdk':
    case 'boto3':
    case 'terraform':
    case 'amplify':
      return { ...common, ...aws(place) }
    case 'yandex':
      return { ...common, ...yandex(place) }
    case 'harmony':
      return { ...common, ...harmony(place) }
    case 'all':
      return { ...common, ...aws(place), ...yandex(place), ...harmony(place) }
  }
}

/** The length of a real access key id. */
const KEY_LENGTH = 20

function aws({ url, namespace }: Place): Record<string, string> {
  const own = namespace === DEFAULT_NAMESPACE ? 'POOLHOUSE' : `NS${namespace.padStart(KEY_LENGTH - 2, '0')}`
  return {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: own,
    AWS_SECRET_ACCESS_KEY: 'poolhouse',
  }
}

/** Clients of Yandex know a host and a port; which scheme they speak is their own setting. */
function yandex({ url, caFile }: Place): Record<string, string> {
  return {
    YC_ENDPOINT: new URL(url).host,
    // The form of an IAM token, which spares clients the exchange of another kind for one.
    YC_TOKEN: 't1.poolhouse.local',
    ...(caFile === undefined ? {} : { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile, NODE_EXTRA_CA_CERTS: caFile }),
  }
}

function harmony({ url }: Place): Record<string, string> {
  return { HARMONY_AUTH_URL: `${url}/harmony` }
}
