import type { ChildProcess } from 'node:child_process'
import { childContender, startChild, stopChild } from './child.ts'
import type { Contender, Race } from './race.ts'

/**
 * A whole response of many chunks, from the socket to pieces of body. The server, which has made its bytes beforehand,
 * is a process of its own, and so is each client; only the client's CPU time counts.
 */
export function clientRaces(): Race[] {
  return [
    clientRace(100, '100 B chunks', { iterated: 6, undici: 1.1 }),
    clientRace(16 * 1024, '16 KiB chunks', { raw: 0.95 }),
  ]
}

interface Goals {
  readonly iterated?: number
  readonly undici?: number
  readonly raw?: number
}

function clientRace(chunkSize: number, shown: string, goals: Goals): Race {
  return {
    title: `response client, ${shown}`,
    unit: 'B/s',
    ours: client('chunked', chunkSize),
    rivals: [
      { ...client('node:http, for await', chunkSize), ...goalOf(goals.iterated) },
      client("node:http, on('data')", chunkSize),
      { ...client('undici.stream', chunkSize), ...goalOf(goals.undici) },
    ],
    limit: { ...client('raw socket', chunkSize), ...goalOf(goals.raw) },
  }
}

function goalOf(goal: number | undefined): { readonly goal?: number } {
  return goal === undefined ? {} : { goal }
}

/** Each client has a server of its own, or they would wait for one another's bytes to be cleared away. */
function client(name: string, chunkSize: number): Contender {
  let server: ChildProcess | undefined
  let contender: Contender | undefined
  return {
    name,
    async start() {
      const { child, ready } = await startChild(moduleAt('chunked-client-server.js'), [`${chunkSize}`])
      server = child
      const { port, size } = ready as { port: number; size: number }
      contender = childContender(name, moduleAt('chunked-client-child.js'), [name, `${port}`, `${size}`])
      await contender.start?.()
    },
    measure(seconds) {
      if (!contender) throw new TypeError(`${name} has not been started`)
      return contender.measure(seconds)
    },
    async stop() {
      await contender?.stop?.()
      if (server) await stopChild(server)
    },
  }
}

function moduleAt(file: string): URL {
  return new URL(file, import.meta.url)
}
