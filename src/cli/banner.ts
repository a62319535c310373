import type { Config } from '../config.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { environment, FORMS } from '../environment.ts'
import type { Running } from '../launch.ts'
import { version } from '../version.ts'

/** Somebody of fixtures/demo.yaml. */
const POOL = 'us-east-1_PoolDemo1'
const DEMO_LOGIN = `pool ${POOL}, client 1demo0client0000000000000w, alice / Demo-Passw0rd`

/** Where each vendor answers, and what to put in a shell. */
export function banner({ url, tls }: Running, config: Config): string {
  const demo = !config.empty && config.fixtures.length === 0
  const rows: [string, string][] = [
    ['Cognito', url],
    ...(demo
      ? ([
          ['  issuer', `${url}/${POOL}`],
          ['  keys', `${url}/${POOL}/.well-known/jwks.json`],
        ] as [string, string][])
      : []),
    ['Yandex', `${url}/organization-manager/v1/idp`],
    ['Harmony', `${url}/harmony`],
    ['API docs', `${url}/_/docs`],
    ['Outbox', `${url}/_/outbox`],
    ['State', config.memory ? 'in memory' : config.data],
    ...(demo ? [['Demo', DEMO_LOGIN] as [string, string]] : []),
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`)
  if (tls !== undefined) {
    lines.push('', `  ${'TLS'.padEnd(10)}${tls.url}  (gRPC and REST)`)
  }
  // What `poolhouse env` prints, to be pasted.
  const variables = Object.entries(environmentOf({ url, tls }))
  lines.push('', ...variables.map(([name, value]) => `  ${FORMS.shell?.(name, value)}`))
  return `\nPoolhouse ${version}, a local emulator: no real service, no real guards\n\n${lines.join('\n')}\n\n`
}

/** The same for programs: one line of JSON. */
export function ready({ url, port, tls }: Running): object {
  return { ready: true, version, url, port, ...(tls === undefined ? {} : { tls }), env: environmentOf({ url, tls }) }
}

function environmentOf({ url, tls }: Pick<Running, 'url' | 'tls'>): Record<string, string> {
  return environment({ url, namespace: DEFAULT_NAMESPACE, caFile: tls?.caFile, secureUrl: tls?.url })
}
