import type { Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer, type TLSSocket } from 'node:tls'

/** What every HTTP/2 connection without TLS starts with. */
const PREFACE = Buffer.from('PRI * HTTP/2.0')

export interface Listener {
  port: number
  /** It does not keep the process alive any more. */
  unref(): void
  close(): Promise<void>
}

/** Where connections go: HTTP/1.1 to a server, HTTP/2 (gRPC, and whatever else comes by it) to a function. */
export interface Doors {
  http1: HttpServer
  http2?: ((socket: Socket) => void) | undefined
}

/** One plaintext port for everything: HTTP/2 is told by its preface. Without a door for it such a connection is closed. */
export function listen(address: { host: string; port: number }, doors: Doors): Promise<Listener> {
  return open(createServer(), 'connection', address, doors, (socket) => sniff(socket, doors))
}

/** The same over TLS, where the handshake (ALPN) tells which protocol follows. */
export function listenSecurely(
  { host, port, cert, key }: { host: string; port: number; cert: string; key: string },
  doors: Doors,
): Promise<Listener> {
  const server = createSecureServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return open(server, 'secureConnection', { host, port }, doors, (socket) => {
    if ((socket as TLSSocket).alpnProtocol !== 'h2') doors.http1.emit('connection', socket)
    else if (doors.http2 !== undefined) doors.http2(socket)
    else socket.destroy()
  })
}

/** How long what is still being answered may take when the port closes. */
const LAST_WORDS_MS = 500

async function open(
  server: Server,
  event: 'connection' | 'secureConnection',
  address: { host: string; port: number },
  doors: Doors,
  receive: (socket: Socket) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  let loose = false
  server.on(event, (socket: Socket) => {
    sockets.add(socket)
    if (loose) socket.unref()
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    receive(socket)
  })
  await start(server, address)
  // It tracks connections, and with them idle ones and time limits, from this event on.
  doors.http1.emit('listening')
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    unref: () => {
      loose = true
      server.unref()
      for (const socket of sockets) socket.unref()
    },
    close: () =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, LAST_WORDS_MS)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        // It never listened itself, which it remarks on after it has closed what is idle.
        doors.http1.close(() => undefined)
      }),
  }
}

function start(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

const IDLE_MS = 60_000

function sniff(socket: Socket, { http1, http2 }: Doors): void {
  let seen: Buffer = Buffer.alloc(0)
  const idle = () => socket.destroy()
  socket.setTimeout(IDLE_MS, idle)
  const read = () => {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const begins = Math.min(seen.length, PREFACE.length)
    const alike = seen.subarray(0, begins).equals(PREFACE.subarray(0, begins))
    if (alike && begins < PREFACE.length) return
    socket.removeListener('readable', read)
    socket.setTimeout(0)
    socket.removeListener('timeout', idle)
    socket.unshift(seen)
    if (!alike) http1.emit('connection', socket)
    else if (http2 !== undefined) http2(socket)
    else socket.destroy()
  }
  socket.on('readable', read)
}
