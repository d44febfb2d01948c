import { Server, Socket } from 'node:net'
import { afterEach, expect } from 'vitest'
import { Failure } from './failure.ts'

// Loaded before every test file of the course. What a test opens it closes: a server that still listens keeps its port and
// its process, and the learner would only see that nothing ends.

interface Opened {
  readonly servers: Set<Server>
  readonly sockets: Set<Socket>
}

/** Test files may share a thread, and it is watched once. */
const OPENED = Symbol.for('course.opened')
const shared = globalThis as { [OPENED]?: Opened }
shared[OPENED] ??= watch()
const { servers, sockets } = shared[OPENED]

function watch(): Opened {
  const opened: Opened = { servers: new Set(), sockets: new Set() }
  const { listen } = Server.prototype
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    opened.servers.add(this)
    this.on('connection', (socket: Socket) => opened.sockets.add(socket))
    return Reflect.apply(listen, this, args)
  }
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    opened.sockets.add(this)
    return Reflect.apply(connect, this, args)
  }
  return opened
}

/** How often one looks whether what was told to close is closed, a few milliseconds apart: a busy machine takes longer for it. */
const LOOKS = 200

afterEach(async () => {
  for (let looks = 0; open() > 0 && looks < LOOKS; looks++) await new Promise((resolve) => setTimeout(resolve, 5))
  const left = [...servers].filter(({ listening }) => listening)
  const held = [...sockets].filter(({ destroyed }) => !destroyed)
  servers.clear()
  sockets.clear()
  for (const socket of held) socket.destroy()
  for (const server of left) server.close()
  const name = expect.getState().currentTestName
  if (left.length > 0)
    throw new Failure(`${counted(left, 'server still listens', 'servers still listen')} after "${name}": ${ADVICE}`)
  if (held.length > 0)
    throw new Failure(`${counted(held, 'socket is', 'sockets are')} still open after "${name}": ${ADVICE}`)
})

const ADVICE = 'close what you open, also when something goes wrong'

function counted(left: readonly unknown[], one: string, many: string): string {
  return left.length === 1 ? `1 ${one}` : `${left.length} ${many}`
}

function open(): number {
  const listening = [...servers].filter((server) => server.listening).length
  return listening + [...sockets].filter(({ destroyed }) => !destroyed).length
}
