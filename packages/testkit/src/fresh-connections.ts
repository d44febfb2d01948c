import { globalAgent } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach } from 'vitest'

// Loaded before every test file. Each test starts servers of its own on ports of the kernel's choice, and about once in
// five thousand the kernel gives the port that was given back just now. A client that keeps connections, as `fetch` and
// node:http do, then writes into the one of the server before: it was reset, but nobody has read that yet. So no
// connection is handed on from one test to the next, and what has arrived is looked at in between.

interface Dispatcher {
  readonly constructor: new () => Dispatcher
  close(): Promise<void>
}

/** Where undici keeps the pool behind `fetch`, the one inside Node and the one from npm alike: the second since undici 8. */
const PLACES = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name))
const shared = globalThis as { [place: symbol]: Dispatcher | undefined }

afterEach(async () => {
  for (const place of PLACES) {
    const dispatcher = shared[place]
    if (dispatcher?.constructor.name !== 'Agent') continue
    shared[place] = new dispatcher.constructor()
    dispatcher.close().catch(() => {}) // answers still under way may end; a test that closed it itself is done
  }
  for (const sockets of Object.values(globalAgent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy()
  }
  await turn()
})
