import type { FastifyInstance } from 'fastify'
import type { Emulator } from '../../core/emulator.ts'
import { namespaceOf } from '../../http/origin.ts'
import { uiCustomizations } from '../records.ts'
import { bytesOf, imageKind, MEDIA_TYPES } from '../rules/look/images.ts'

interface Address {
  Params: { pool: string; client: string; version: string }
}

/** Where the ImageUrl of a customization leads: its logo, as it was set. One that was replaced is gone. */
export function logo(app: FastifyInstance, { emulator }: { emulator: Emulator }): void {
  app.get<Address>('/ui/:pool/:client/:version/assets/images/image.jpg', { schema: { hide: true } }, async (request, reply) => {
    const { pool, client, version } = request.params
    const found = emulator.find(namespaceOf(request))?.act((call) => uiCustomizations.get(call, pool, client))
    const bytes = found?.CSSVersion === version ? bytesOf(found.Image ?? '') : undefined
    const kind = bytes === undefined ? undefined : imageKind(bytes)
    if (bytes === undefined || kind === undefined) return reply.code(404).type('text/plain; charset=utf-8').send('Not found')
    return reply.header('cache-control', 'public, max-age=86400').type(MEDIA_TYPES[kind]).send(bytes)
  })
}
