// Many connections to one server: asks on each, and counts the events that come on all of them.
import { connect, type Socket } from 'node:net'
import { sayReady } from './child.ts'
import type { FromReceivers, ToReceivers } from './fanout-receivers.ts'
import { MARK } from './fanout-servers.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n'
const AT_ONCE = 100 // connections being opened
const mark = MARK.charCodeAt(0)
const port = Number(process.argv[2])

let received = 0
let awaited = Number.POSITIVE_INFINITY

process.on('message', async (order: ToReceivers) => {
  if (order.kind === 'open') {
    await openAll(order.connections, order.stalled)
    answer({ kind: 'opened' })
    return
  }
  awaited = order.events
  tellWhenReceived()
})
sayReady()

async function openAll(connections: number, stalled: boolean): Promise<void> {
  let left = connections
  const openOneByOne = async () => {
    while (left-- > 0) await open(stalled)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, openOneByOne))
}

/** Resolves when the answer begins. A stalled one reads nothing after that. */
function open(stalled: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject)
    socket.write(REQUEST)
    socket.once('data', () => {
      if (stalled) socket.pause()
      else socket.on('data', count)
      resolve(socket)
    })
  })
}

function count(bytes: Uint8Array): void {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) received++
  tellWhenReceived()
}

function tellWhenReceived(): void {
  if (received > awaited) throw new RangeError(`${received} events, ${received - awaited} more than were sent`)
  if (received < awaited) return
  awaited = Number.POSITIVE_INFINITY
  answer({ kind: 'received' })
}

function answer(what: FromReceivers): void {
  process.send?.(what)
}
