import { globalAgent } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach } from 'vitest'

// Loaded before every test file. Each test starts servers of its own on ports of the kernel's choice, and about once in
// five thousand the kernel gives the port that was given back just now. A client that keeps connections, as `fetch` and
// node:http do, then writes into the one of the server before: it was reset, but nobody has read that yet. So no
// connection is handed on from one test to the next, and what has arrived is looked at in between.

interface Dispatcher {
  close(): Promise<void>
}

/** Where undici keeps the pool behind `fetch`, the one inside Node and the one from npm alike. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1')
const shared = globalThis as { [DISPATCHER]?: Dispatcher & { constructor: new () => Dispatcher } }

afterEach(async () => {
  const dispatcher = shared[DISPATCHER]
  if (dispatcher?.constructor.name === 'Agent') {
    Object.assign(shared, { [DISPATCHER]: new dispatcher.constructor() })
    dispatcher.close().catch(() => {}) // answers still under way may end; a test that closed it itself is done
  }
  for (const sockets of Object.values(globalAgent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy()
  }
  await turn()
})
