// One server: answers one request with an endless body, and writes to it in turns of the event loop.
import { createServer, type ServerResponse } from 'node:http'
import { connect, createServer as createNetServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { serve } from '@sse-from-scratch/chunked'
import { answerRounds } from './child.ts'
import { perCpuSecond } from './cpu-rate.ts'

const EVENTS = 32
const TURNS = 20 // between two looks at the clock
const event = Buffer.from(`data: ${'x'.repeat(92)}\n\n`)
const chunk = Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`)
const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Writes the events of one turn; resolves when there may be more. */
type Turn = () => Promise<unknown>

const [name = '', clientPort] = process.argv.slice(2)
const servers: Readonly<Record<string, () => Promise<Turn>>> = {
  chunked: turnsOfChunked,
  'node:http': turnsOfNodeHttp,
  'one made chunk of them all': turnsOfRawSocket,
}
const start = servers[name]
if (!start) throw new RangeError(`no server ${name}`)
const turn = await start()

answerRounds((seconds) =>
  perCpuSecond(seconds, async () => {
    for (let n = 0; n < TURNS; n++) {
      await turn()
      await setImmediate()
    }
    return EVENTS * TURNS
  }),
)

async function turnsOfChunked(): Promise<Turn> {
  return new Promise((resolve, reject) => {
    const listening = serve(async (_, respond) => {
      const body = await respond(200)
      resolve(async () => {
        for (let n = 1; n < EVENTS; n++) void body.write(event)
        await body.write(event)
      })
      await new Promise(() => {}) // an endless answer
    })
    listening.then(({ address }) => callClient(address.port), reject)
  })
}

function turnsOfNodeHttp(): Promise<Turn> {
  return new Promise((resolve) => {
    const server = createServer((_, response) => resolve(() => writeAll(response, event, EVENTS)))
    server.listen(0, '127.0.0.1', () => callClient((server.address() as { port: number }).port))
  })
}

/** The bytes are made, and only have to be sent. */
function turnsOfRawSocket(): Promise<Turn> {
  const made = Buffer.concat(Array.from({ length: EVENTS }, () => chunk))
  return new Promise((resolve) => {
    const server = createNetServer((socket) => {
      socket.setNoDelay(true)
      socket.once('data', () => {
        socket.write(HEAD)
        resolve(() => writeAll(socket, made, 1))
      })
    })
    server.listen(0, '127.0.0.1', () => callClient((server.address() as { port: number }).port))
  })
}

async function writeAll(stream: ServerResponse | Socket, bytes: Uint8Array, times: number): Promise<void> {
  for (let n = 0; n < times; n++) stream.write(bytes)
  if (stream.writableNeedDrain) await new Promise((resolve) => stream.once('drain', resolve))
}

function callClient(port: number): void {
  connect(Number(clientPort), '127.0.0.1').end(`${port}`)
}
