import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { emulator } from '../support/emulator.ts'

const GET = '/yandex.cloud.organizationmanager.v1.idp.UserService/Get'
const CHANGES = '/yandex.cloud.organizationmanager.v1.idp.UserService/GetPasswordChanges'
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'

const MEGABYTE = 1024 * 1024
/** `userId: "abc"` */
const ABC = Buffer.from([10, 3, 97, 98, 99])

/** A message as gRPC frames it, with a length that may be a lie. */
function framed(message: Uint8Array, flags = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(flags, 0)
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, message])
}

async function listening(t: Test) {
  const idp = await emulator(t)
  return { ...idp, ...(await idp.app.listen({ host: '127.0.0.1', port: 0 })) }
}

interface Sent {
  path?: string
  headers?: Record<string, string>
  /** Without an end: the caller goes on for ever. */
  endless?: boolean
}

/** One call over a connection of its own, awaited until its stream is closed. */
function call(port: number, body: Buffer, { path = GET, headers = {}, endless = false }: Sent = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    session.on('error', () => undefined)
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers })
    const told: Record<string, unknown> = {}
    const hear = (headers: IncomingHttpHeaders) => {
      for (const name of [':status', 'grpc-status', 'grpc-message']) if (headers[name] !== undefined) told[name] = headers[name]
    }
    stream.on('response', hear)
    stream.on('trailers', hear)
    stream.on('error', () => undefined)
    stream.on('close', () => {
      session.destroy()
      resolve(told)
    })
    stream.resume()
    stream.write(body)
    if (!endless) stream.end()
  })
}

test('messages of gRPC that nobody means well by', async (t) => {
  const { port, app } = await listening(t)
  const bomb = Buffer.alloc(16 * MEGABYTE)
  const gzip = { 'grpc-encoding': 'gzip' }
  const cases: [string, Buffer, Sent, string, RegExp][] = [
    ['what is in order', framed(ABC), {}, '5', /^User abc not found$/],
    ['and packed', framed(gzipSync(ABC), 1), { headers: gzip }, '5', /^User abc not found$/],
    ['no message', Buffer.alloc(0), {}, '12', /missing input message/],
    ['two messages', Buffer.concat([framed(ABC), framed(ABC)]), {}, '12', /extra input message/],
    ['half a length', Buffer.from([0, 0, 0]), {}, '3', /incomplete envelope/],
    ['half a message', framed(ABC, 0, 100), {}, '3', /incomplete envelope/],
    ['a length of four gigabytes', framed(ABC, 0, 2 ** 32 - 1), {}, '8', /4294967295 is larger than .* 4194304/],
    ['a message of five megabytes', framed(Buffer.alloc(5 * MEGABYTE)), {}, '8', /5242880 is larger/],
    ['which nobody waits for', framed(Buffer.alloc(10), 0, 5 * MEGABYTE), { endless: true }, '8', /5242880 is larger/],
    ['a bomb of gzip', framed(gzipSync(bomb), 1), { headers: gzip }, '8', /after decompression/],
    ['a bomb of brotli', framed(brotliCompressSync(bomb), 1), { headers: { 'grpc-encoding': 'br' } }, '8', /after decompression/],
    ['packed, and nobody says how', framed(ABC, 1), {}, '13', /do not know how to decompress/],
    ['packed, and it is not', framed(ABC, 1), { headers: gzip }, '3', /decompression failed/],
    ['packed in a way that nobody knows', framed(ABC, 1), { headers: { 'grpc-encoding': 'snappy' } }, '12', /unknown compression "snappy"/],
    ['no protobuf', framed(Buffer.alloc(6, 255)), {}, '13', /parse binary/],
    ['a text that is none', framed(Buffer.from([10, 2, 255, 254])), {}, '13', /utf-8/],
    ['groups in groups', framed(Buffer.alloc(100_000, 11)), {}, '13', /parse binary/],
    ['no protobuf in a stream', framed(Buffer.alloc(6, 255)), { path: CHANGES }, '13', /parse binary/],
    ['nor in reflection', framed(Buffer.alloc(6, 255)), { path: REFLECTION }, '13', /parse binary/],
    ['a service that nobody has', Buffer.alloc(1000), { path: '/a.b/C', endless: true }, '12', /there is no POST \/a\.b\/C/],
    ['a deadline that is none', framed(ABC), { headers: { 'grpc-timeout': 'soon' } }, '3', /invalid grpc timeout/],
  ]
  for (const [what, body, sent, status, says] of cases) {
    const told = await call(port, body, sent)
    t.match(told, { ':status': 200, 'grpc-status': status, 'grpc-message': says }, what)
  }
  t.same(await call(port, framed(ABC), { headers: { 'content-type': 'text/plain' } }), { ':status': 415 }, 'a type that is none')
  t.same(app.emulator.namespace().journal.list({ outcome: 'failed' }), [], 'nothing of it is a fault of ours')
})

test('a deadline beyond what timers can count is none', async (t) => {
  const { port } = await listening(t)
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  t.teardown(() => session.destroy())
  const warnings: string[] = []
  const hear = ({ name }: Error) => warnings.push(name)
  process.on('warning', hear)
  t.teardown(() => process.off('warning', hear))
  const headers = { ':method': 'POST', ':path': CHANGES, 'content-type': 'application/grpc', te: 'trailers' }
  const stream = session.request({ ...headers, 'grpc-timeout': '99999999H' })
  stream.write(framed(Buffer.from([10, 1, 97])))
  const trailers = await new Promise<IncomingHttpHeaders>((resolve) => stream.on('trailers', resolve))
  t.match(trailers, { 'grpc-status': '3', 'grpc-message': /Validation failed/ }, 'its own refusal, not one for being late')
  t.notOk(warnings.includes('TimeoutOverflowWarning'))
})

/** A connection of bytes: what comes, until it is closed or enough has come. */
function raw(socket: Socket, enough: (bytes: Buffer) => boolean = () => false): Promise<Buffer> {
  let heard = Buffer.alloc(0)
  return new Promise((resolve) => {
    const end = () => {
      socket.destroy()
      resolve(heard)
    }
    socket.on('error', () => undefined)
    socket.on('close', end)
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes])
      if (enough(heard)) end()
    })
  })
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const [HEADERS, RESET, SETTINGS, GOAWAY] = [1, 3, 4, 7]

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Header fields as HPACK has them that knows nothing yet and packs nothing. */
function fields(all: Record<string, string>): Buffer {
  const text = (value: string) => Buffer.from([value.length, ...Buffer.from(value)])
  return Buffer.concat(Object.entries(all).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

function frames(bytes: Buffer): { type: number; stream: number }[] {
  const all = []
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    all.push({ type: bytes.readUInt8(at + 3), stream: bytes.readUInt32BE(at + 5) })
  }
  return all
}

test('connections that nobody means well by', async (t) => {
  const { port } = await listening(t)
  const open = (...bytes: Buffer[]) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(Buffer.concat(bytes))
    return socket
  }
  const hello = [PREFACE, frame(SETTINGS, 0, 0)]
  const request = (authority: string) =>
    fields({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': GET,
      ':authority': authority,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
  const answered = (bytes: Buffer) => frames(bytes).some(({ type, stream }) => stream === 1 && (type === HEADERS || type === RESET))
  const sentAway = (bytes: Buffer) => frames(bytes).some(({ type }) => type === GOAWAY)

  t.ok(answered(await raw(open(...hello, frame(HEADERS, 5, 1, request('localhost:99999'))), answered)), 'a port that is none')
  t.ok(answered(await raw(open(...hello, frame(HEADERS, 5, 1, request('a b'))), answered)), 'a name that is none')
  t.ok(sentAway(await raw(open(PREFACE, Buffer.alloc(1000, 0xee)), sentAway)), 'frames that are none')
  t.ok(sentAway(await raw(open(PREFACE, Buffer.from('GET / HTTP/1.1\r\n\r\n')), sentAway)), 'another protocol behind the preface')
  const headersWithoutEnd = [frame(HEADERS, 0, 1, request('localhost')), ...Array(200).fill(frame(9, 0, 1))]
  t.ok(sentAway(await raw(open(...hello, ...headersWithoutEnd), sentAway)), 'headers without an end')
  const resets = Array.from({ length: 2000 }, (_, n) => [
    frame(HEADERS, 4, 2 * n + 1, request('localhost')),
    frame(RESET, 0, 2 * n + 1, Buffer.alloc(4)),
  ])
  t.ok(sentAway(await raw(open(...hello, ...resets.flat()), sentAway)), 'calls taken back as soon as they are made')
  const secure = connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false })
  t.equal((await raw(secure)).length, 0, 'TLS where there is none')
  t.match(await call(port, framed(ABC)), { 'grpc-status': '5' }, 'and who means well is answered')
})

test('a connection has so many calls under way, and none of them holds the emulator up when it stops', async (t) => {
  const { port, app } = await listening(t)
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const settings = await new Promise<{ maxConcurrentStreams?: number | undefined }>((resolve) => session.once('remoteSettings', resolve))
  t.equal(settings.maxConcurrentStreams, 1000)
  const closed = Array.from({ length: 100 }, (_, n) => {
    const path = n % 2 === 0 ? CHANGES : GET
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' })
    stream.on('error', () => undefined)
    stream.write(framed(ABC, 0, 100))
    return new Promise((resolve) => stream.once('close', resolve))
  })
  session.on('error', () => undefined)
  await new Promise<void>((resolve) => session.ping(() => resolve()))
  await app.close()
  await Promise.all(closed)
  session.destroy()
})
