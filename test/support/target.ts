import type { Test } from 'tap'
import { start } from '../../src/index.ts'

/** Where a journey goes: `POOLHOUSE_TARGET`, or an emulator of its own on a free port with an empty world. */
export async function target(t: Test, rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}): Promise<string> {
  const given = process.env.POOLHOUSE_TARGET
  if (given !== undefined && given !== '') return given.replace(/\/+$/, '')
  const idp = await start({ empty: true, strict: true, rooms })
  t.teardown(() => idp.close())
  return idp.url
}

/** For an AWS client: any credentials will do, and it must not look for others. */
export function awsClient(endpoint: string) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 }
}
