/** The composition root: store, clock and rooms become one Fastify instance and one port. The only file that sees every room. */
import type { FastifyInstance } from 'fastify'
import { admin } from './admin/index.ts'
import * as cognito from './cognito/index.ts'
import { Emulator, type EmulatorOptions } from './core/emulator.ts'
import { defaultSettings, type Settings } from './core/settings.ts'
import { Workers } from './core/workers.ts'
import { passwordAnswers } from './directory/passwords.ts'
import { createServer } from './http/server.ts'
import { version } from './version.ts'

export interface AppOptions extends Omit<EmulatorOptions, 'fittings'> {
  settings?: Partial<Settings>
}

export interface App {
  emulator: Emulator
  server: FastifyInstance
  close(): Promise<void>
}

/** Everything wired, nothing listening yet. */
export async function createApp({ settings = {}, ...options }: AppOptions = {}): Promise<App> {
  const workers = new Workers()
  const fittings = {
    settings: Object.freeze({ ...defaultSettings, ...settings }),
    settle: {},
    answer: { ...passwordAnswers(workers), ...cognito.answers(workers) },
  }
  const emulator = new Emulator({ ...options, fittings })
  const rooms = [{ name: 'cognito', operations: cognito.operations }]

  const server = await createServer({ rewrites: [cognito.rewrite], version, describe: (document) => document })
  await server.register(cognito.cognito, { prefix: '/cognito', emulator })
  await server.register(cognito.discovery, { emulator })
  await server.register(admin, { prefix: '/_', emulator, rooms, version })

  return {
    emulator,
    server,
    close: async () => {
      await server.close()
      await workers.close()
      emulator.close()
    },
  }
}
