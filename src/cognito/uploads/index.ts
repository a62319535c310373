/**
 * Where files of users to import are put (CreateUserImportJob's PreSignedUrl), and where the log of an import is read.
 *
 * A storage service takes the file in life, so errors here are in that service's XML. The body is never held whole: lines are filed
 * in parts as they arrive, and count once the last one is there.
 */
import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import type { Namespace } from '../../core/namespace.ts'
import { requestId } from '../../core/random.ts'
import { namespaceOf } from '../../http/origin.ts'
import { CognitoCall } from '../call.ts'
import { type ImportJob, importJobs } from '../records.ts'
import { addPart, dropParts, keepUpload, logOf, PART } from '../rules/imports/jobs.ts'
import { urlEnds } from '../rules/imports/urls.ts'

interface Address {
  Params: { pool: string; job: string }
  Querystring: Record<string, string | undefined>
}

const LARGEST = 100 * 1024 * 1024

export async function uploads(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.put<Address>('/user-import/:pool/:job', { schema: { hide: true }, bodyLimit: LARGEST }, async (request, reply) => {
    const namespace = emulator.find(namespaceOf(request))
    const { pool, job: id } = request.params
    const refused = refusal(namespace, request)
    if (namespace === undefined || refused !== undefined) {
      request.raw.resume()
      return sendXml(reply, 403, ...(refused ?? UNSIGNED))
    }

    const upload = requestId()
    let parts = 0
    try {
      for await (const part of partsOf(request.body as Readable | undefined)) {
        namespace.act((call) => addPart(cognito(call), pool, upload, parts, part))
        parts++
      }
    } catch (error) {
      namespace.act((call) => dropParts(cognito(call), pool, upload, parts))
      if (error instanceof TooLarge) return sendXml(reply, 400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
      throw error
    }
    namespace.act((call) => keepUpload(cognito(call), pool, id, upload, parts))
    return reply.header('x-amz-request-id', request.id).header('x-amz-server-side-encryption', 'aws:kms').code(200).send('')
  })

  app.get<Address>('/user-import/:pool/:job/log', { schema: { hide: true } }, async (request, reply) => {
    const { pool, job } = request.params
    const lines = emulator.find(namespaceOf(request))?.act((call) => {
      const found = importJobs.get(call, pool, job)
      return found === undefined ? undefined : logOf(cognito(call), pool, found)
    })
    if (lines === undefined) return sendXml(reply, 404, 'NoSuchKey', 'The specified key does not exist.')
    return reply.type('text/plain; charset=utf-8').send(lines.map((line) => `${line}\n`).join(''))
  })
}

const UNSIGNED: [code: string, message: string] = [
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
]

/** Why this request may not put a file there, if so: code and sentence as the storage service says them. */
function refusal(namespace: Namespace | undefined, request: FastifyRequest<Address>): [code: string, message: string] | undefined {
  const { pool, job: id } = request.params
  const job = namespace?.act<ImportJob | undefined>((call) => importJobs.get(call, pool, id))
  const signed = new URL(job?.shown.PreSignedUrl ?? 'http://none').searchParams
  const genuine = [...signed].every(([name, value]) => request.query[name] === value)
  if (namespace === undefined || job === undefined || !genuine || request.headers['x-amz-server-side-encryption'] !== 'aws:kms') {
    return UNSIGNED
  }
  const expired = namespace.clock.now() >= urlEnds(job.shown.CreationDate ?? 0) || job.shown.Status !== 'Created'
  return expired ? ['AccessDenied', 'Request has expired'] : undefined
}

function cognito(call: Call): CognitoCall {
  return new CognitoCall(call.context, 'CreateUserImportJob')
}

class TooLarge extends Error {}

/** The lines of a stream in parts of a size that is imported at one go. */
async function* partsOf(stream: Readable | undefined): AsyncGenerator<{ first: number; lines: string[] }> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let first = 1
  let lines: string[] = []
  let rest = ''
  let size = 0
  for await (const chunk of stream ?? []) {
    size += (chunk as Buffer).length
    if (size > LARGEST) throw new TooLarge()
    const found = decoder.decode(chunk as Buffer, { stream: true }).split('\n')
    found[0] = rest + (found[0] ?? '')
    rest = found.pop() ?? ''
    lines = lines.concat(found.map(withoutReturn))
    let at = 0
    for (; at + PART <= lines.length; at += PART) {
      yield { first, lines: lines.slice(at, at + PART) }
      first += PART
    }
    lines = lines.slice(at)
  }
  rest += decoder.decode()
  if (rest !== '') lines.push(withoutReturn(rest))
  if (lines.length > 0) yield { first, lines }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function sendXml(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${reply.request.id}</RequestId></Error>`
  return reply.code(status).type('application/xml').send(body)
}
