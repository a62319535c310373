import type { Config } from '../config.ts'
import type { Running } from '../launch.ts'
import { version } from '../version.ts'

/** Somebody of fixtures/demo.yaml. */
const DEMO_LOGIN = 'pool us-east-1_PoolDemo1, client 1demo0client0000000000000w, alice / Demo-Passw0rd'

/** Where each vendor answers, and what to put in a shell. */
export function banner({ url, tls }: Running, config: Config): string {
  const rows: [string, string][] = [
    ['Cognito', url],
    ['Yandex', `${url}/organization-manager/v1/idp`],
    ['Harmony', `${url}/harmony`],
    ['API docs', `${url}/_/docs`],
    ['Outbox', `${url}/_/outbox`],
    ['State', config.memory ? 'in memory' : config.data],
    ...(config.empty || config.fixtures.length > 0 ? [] : [['Demo', DEMO_LOGIN] as [string, string]]),
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`)
  if (tls !== undefined) {
    lines.push('', `  ${'TLS'.padEnd(10)}${tls.url}  (gRPC and REST)`)
    if (tls.caFile !== undefined) lines.push('', ...trust(tls.caFile).map((line) => `  export ${line}`))
  }
  return `\nPoolhouse ${version}, a local emulator: no real service, no real guards\n\n${lines.join('\n')}\n\n`
}

/** What makes clients of each kind trust the development authority. */
export function trust(caFile: string): string[] {
  return ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'AWS_CA_BUNDLE'].map((name) => `${name}=${caFile}`)
}
