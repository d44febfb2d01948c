import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { asText, startPatience } from '@sse-from-scratch/course'
import { type StartedProcess, start } from '@sse-from-scratch/testkit'
import type { Said, Trace } from '../contract.ts'

/** What happens when the client has the first event. */
export type Happens = (server: Socket) => void

/** Asks a server for a stream, lets something happen when the first event is there, and writes down all it sees. */
export async function trace(port: number, happens: () => void, patience = 250): Promise<Trace> {
  const socket = connect(port, '127.0.0.1')
  const said: Said[] = []
  let bytes = Buffer.alloc(0)
  let stop = () => {}
  let hasHappened = false
  const giveUp = () => {
    said.push({ event: 'timeout' })
    socket.destroy()
  }
  socket.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more])
    if (hasHappened || !/\ndata: .*\n\n\r\n/.test(asText(bytes))) return
    hasHappened = true
    happens()
  })
  socket.on('data', () => {
    stop()
    if (hasHappened) stop = startPatience(patience, giveUp)
  })
  socket.on('end', () => void said.push({ event: 'end' }))
  socket.on(
    'error',
    (error: NodeJS.ErrnoException) => void said.push({ event: 'error', code: error.code ?? 'unknown' }),
  )
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const hadError = await new Promise<boolean>((resolve) => socket.on('close', resolve))
  stop()
  const { event } = said.at(-1) ?? {}
  if (event !== 'timeout') said.push({ event: 'close', hadError })
  return { bytes, said }
}

/** A stream from a server in this process that does this when the client has its first event. */
export async function traceOf(happens: Happens): Promise<Trace> {
  let held: Socket | undefined
  const server = createServer((socket) => {
    held = socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
      socket.write('9\r\ndata: 1\n\n\r\n')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const { port } = server.address() as AddressInfo
    return await trace(port, () => held && happens(held))
  } finally {
    held?.destroy()
    server.close()
  }
}

/** A stream from a process that is killed when the client has its first event. */
export async function traceOfKilled(): Promise<Trace> {
  const script = fileURLToPath(new URL('victim.mjs', import.meta.url))
  await using victim: StartedProcess = await start(process.execPath, [script], { ready: /port (\d+)/ })
  return await trace(Number(victim.match[1]), () => void victim.stop('SIGKILL'), 30_000)
}

/** In one line: `end, close hadError=false`. */
export function saidText(said: readonly Said[]): string {
  const texts = said.map((one) => {
    if (one.event === 'error') return `error ${one.code}`
    return one.event === 'close' ? `close hadError=${one.hadError}` : one.event
  })
  return texts.join(', ')
}
