import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Connection, connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { createRandom } from './weather.ts'

const LONGEST_PIECE = 24

/**
 * A bad network for TCP: hands bytes on between a client and a server of this machine, cut where nobody expects it.
 *
 * More it cannot do. What a network drops, swaps or doubles below TCP, the kernels at both ends notice by number and
 * mend by sending again (RFC 9293 §3.4), before a program sees any of it. Only edges are no part of the promise.
 */
export function startCuttingRelay(target: number, seed: number): Promise<Listener> {
  const random = createRandom(seed)
  const length = () => 1 + Math.floor(random() * LONGEST_PIECE)
  return listen(async (client) => {
    const server = await connect({ port: target })
    await Promise.all([cutting(client, server, length), cutting(server, client, length)])
  })
}

async function cutting(from: Connection, to: Connection, length: () => number): Promise<void> {
  for await (const bytes of from) {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + length())
      at += piece.length
      await to.write(piece)
      await nextTurn() // what is written in one turn would leave as one
    }
  }
  await to.end()
}
