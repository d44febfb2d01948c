import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { type Connection, connect, fromSocket } from '@sse-from-scratch/tcp-echo'
import { createNotes, type Watched } from './watched.ts'

export interface ClientOptions {
  readonly port: number
  /** Speaks TLS, and believes whom it meets. */
  readonly isTls?: boolean
  /** Speaks HTTP/2, over TLS. */
  readonly isHttp2?: boolean
  readonly fields?: Readonly<Record<string, string>>
  /** Hangs up when it has seen so many events. */
  readonly leaveAfter?: number
  readonly onEvents?: (count: number) => void
}

/** Asks for a stream as a client that does not care who answers, until the end. */
export async function watchStream(options: ClientOptions): Promise<Watched> {
  const { fields = {}, leaveAfter = Number.POSITIVE_INFINITY, onEvents = () => {} } = options
  await using connection = await open(options)
  const lines = Object.entries({ Host: 'localhost', 'Accept-Encoding': 'gzip', ...fields })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const notes = createNotes(leaveAfter, onEvents)
  const askedAt = performance.now()
  await connection.write(Buffer.from(`GET / HTTP/1.1\r\n${head}\r\n`))
  while (notes.end === undefined) await notes.take(await connection.read().catch(() => undefined))
  return notes.sum(askedAt)
}

async function open({ port, isTls = false }: ClientOptions): Promise<Connection> {
  if (!isTls) return await connect({ port, host: '127.0.0.1' })
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
  await once(socket, 'secureConnect')
  return fromSocket(socket)
}
