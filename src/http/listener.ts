import type { Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'

/** What every HTTP/2 connection without TLS starts with. */
const PREFACE = Buffer.from('PRI * HTTP/2.0')

export interface Listener {
  port: number
  close(): Promise<void>
}

/**
 * One plaintext port for everything: a connection that opens with the HTTP/2 preface goes to `http2` (gRPC, and whatever else
 * comes by HTTP/2), any other to `http1`. Without `http2` such a connection is closed.
 */
export async function listen(
  options: { host: string; port: number },
  http1: HttpServer,
  http2?: (socket: Socket) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  const front = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    sniff(socket, http1, http2)
  })
  await start(front, options)
  // It tracks connections, and with them idle ones and time limits, from this event on.
  http1.emit('listening')
  const address = front.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve())
        // It never listened itself, which it remarks on after it has closed what is idle.
        http1.close(() => undefined)
        // What is still being answered gets a moment, then goes.
        const deadline = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, 500)
        front.once('close', () => clearTimeout(deadline))
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

function sniff(socket: Socket, http1: HttpServer, http2?: (socket: Socket) => void): void {
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
