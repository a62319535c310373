import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { wait } from '../core/clock.ts'

/**
 * Answers with exactly these headers and this text, in one write. Fastify would append a charset to the content type of a text, and
 * a Buffer goes out as a second chunk behind the headers, which costs as much as the rest of a fast call.
 */
export function sendText(reply: FastifyReply, status: number, contentType: string, text: string): FastifyReply {
  const headers = reply.getHeaders() as OutgoingHttpHeaders
  headers['content-type'] = contentType
  headers['content-length'] = Buffer.byteLength(text)
  reply.hijack()
  reply.raw.writeHead(status, headers)
  reply.raw.end(text)
  return reply
}

const PIECES = 10

/** Has this answer arrive piece by piece, the last after so many milliseconds. */
export function trickle(response: ServerResponse, milliseconds: number): void {
  const end = response.end.bind(response)
  const send = async (bytes: Buffer) => {
    response.flushHeaders()
    for (let piece = 0; piece < PIECES && !response.destroyed; piece++) {
      await wait(milliseconds / PIECES)
      response.write(bytes.subarray((piece * bytes.length) / PIECES, ((piece + 1) * bytes.length) / PIECES))
    }
    end()
  }
  response.end = ((body?: string | Buffer) => {
    void send(Buffer.from(body ?? ''))
    return response
  }) as typeof response.end
}
