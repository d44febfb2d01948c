import { request } from '@sse-from-scratch/http-raw'
import { type Connection, connect, type Listener } from '@sse-from-scratch/tcp-echo'
import { expect } from 'vitest'
import { origin } from './support.ts'

export const KIB = 1024
export const MIB = 1024 * KIB

export function connectTo(listener: Listener): Promise<Connection> {
  return connect({ port: listener.address.port })
}

/** The proof that an attack was one on the attacker's own connection only. */
export async function expectToAnswer(listener: Listener): Promise<void> {
  await using response = await request(`${origin(listener)}/hello`, { signal: AbortSignal.timeout(8000) })
  expect([response.status, await response.body.text()]).toEqual([200, 'hello'])
}

/** Everything that still comes; whether the end was a FIN or a reset is all the same. */
export async function lastWords(connection: Connection): Promise<string> {
  let text = ''
  try {
    for await (const part of connection) text += Buffer.from(part).toString('latin1')
  } catch {
    // a reset: what came before it counts
  }
  return text
}

/** Sends `piece` again and again, until the other side has had enough; returns how many bytes it took from us. */
export async function sendForEver(connection: Connection, piece: Uint8Array): Promise<number> {
  let sent = 0
  try {
    while (!connection.signal.aborted) {
      await connection.write(piece)
      sent += piece.length
      await new Promise(setImmediate)
    }
  } catch {
    // it has
  }
  return sent
}
