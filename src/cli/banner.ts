import type { Config } from '../config.ts'
import type { Running } from '../launch.ts'
import { version } from '../version.ts'

/** Where each vendor answers, and what to put in a shell. */
export function banner({ url }: Running, config: Config): string {
  const rows: [string, string][] = [
    ['Cognito', url],
    ['Yandex', `${url}/organization-manager/v1/idp`],
    ['Harmony', `${url}/harmony`],
    ['API docs', `${url}/_/docs`],
    ['Outbox', `${url}/_/outbox`],
    ['State', config.memory ? 'in memory' : config.data],
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`)
  return `\nPoolhouse ${version}, a local emulator: no real service, no real guards\n\n${lines.join('\n')}\n\n`
}
