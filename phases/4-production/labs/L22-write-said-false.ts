import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { defineLab } from './engine/define-lab.ts'
import type { Lab, Setup } from './engine/lab.ts'

const EVENT = 16 * 1024
const EVENTS = 2048
/** The most that a queue of one client may have, where there is a limit. */
const LIMIT = 256 * 1024
/** Milliseconds without "drain" until the client counts as one that does not read. */
const BLOCKED = 500

interface Queue {
  /** Bytes that wait in our process, at the end. */
  readonly waiting: number
  /** Events that were written. */
  readonly written: number
  readonly isClosed: boolean
}

/** Writes events until all are written, or until it stops. */
type Writer = (response: ServerResponse, event: () => Uint8Array) => Promise<number>

const ignores: Writer = async (response, event) => {
  for (let written = 0; written < EVENTS; written++) response.write(event())
  await new Promise((resolve) => setTimeout(resolve, BLOCKED)) // what the kernel takes, it has taken by then
  return EVENTS
}

const waits: Writer = async (response, event) => {
  for (let written = 1; written <= EVENTS; written++) {
    if (response.write(event())) continue
    const isDrained = await once(response, 'drain', { signal: AbortSignal.timeout(BLOCKED) }).catch(() => undefined)
    if (isDrained === undefined) return written
  }
  return EVENTS
}

const disconnects: Writer = async (response, event) => {
  for (let written = 0; written < EVENTS; written++) {
    if (response.writableLength > LIMIT) {
      response.destroy()
      return written
    }
    response.write(event())
    await new Promise((resolve) => setImmediate(resolve)) // the source does not wait for anybody
  }
  return EVENTS
}

export const writeSaidFalse: Lab = defineLab<Queue>({
  id: 'L22',
  title: 'write() said false',
  isHeavy: true,
  about: `No hop at all: node:http, 2,048 events of 16 KB, and a client that has stopped to read. Its connection stays open.`,
  question: 'The server does not look at what write() returns. Where are the events?',
  options: ['lost', 'in the kernel', 'almost all in the memory of the server'],
  right: { of: 'ignores', is: ({ waiting }) => (waiting > LIMIT ? 2 : 1) },
  setups: [
    queue('ignores', 'writes, whatever write() says', ignores),
    queue('waits', 'waits for "drain" when write() says false', waits, true),
    queue('disconnects', 'cannot wait: closes what has more than 256 KB waiting', disconnects, true),
  ],
  columns: {
    written: ({ written }) => `${((written * EVENT) / 1024 / 1024).toFixed(1)} MB`,
    'waiting in the process': ({ waiting }) => `${(waiting / 1024 / 1024).toFixed(2)} MB`,
    connection: ({ isClosed }) => (isClosed ? 'closed' : 'open'),
  },
  claims: [
    {
      of: ['ignores'],
      says: 'whoever ignores it keeps more than half of all the events',
      holds: ({ waiting }) => waiting > (EVENTS * EVENT) / 2,
    },
    {
      of: ['waits'],
      says: 'whoever waits keeps less than 256 KB',
      holds: ({ waiting, isClosed }) => waiting < LIMIT && !isClosed,
    },
    {
      of: ['disconnects'],
      says: 'whoever cannot wait closes the connection, and keeps nothing',
      holds: ({ isClosed, written }) => isClosed && written < EVENTS,
    },
  ],
  explain: `write() takes what you give it, always. false means: this is in your memory now, and it will stay there. One client with a
closed laptop is enough, and nothing in the logs says so until the process dies.`,
  repair: `Wait for "drain" where the source can wait (one client, one model). Where it cannot, as when one event goes to a thousand
clients, give each queue a limit and close the connection beyond it: the client comes back with Last-Event-ID (exercise 4.6).`,
})

function queue(name: string, config: string, write: Writer, isRepair = false): Setup<Queue> {
  return {
    name,
    isRepair,
    config: `the server: ${config}`,
    programs: [],
    canImitate: false,
    async measure() {
      let tell = (_queue: Queue) => {}
      const result = new Promise<Queue>((resolve) => (tell = resolve))
      const server = createServer(async (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        const written = await write(response, () => new Uint8Array(EVENT).fill(0x3a)) // colons: a comment
        const isClosed = response.destroyed
        tell({ waiting: isClosed ? 0 : response.writableLength, written, isClosed })
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
      try {
        client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        return await result
      } finally {
        client.destroy()
        server.close()
        server.closeAllConnections()
      }
    },
  }
}
