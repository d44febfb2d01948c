import { request } from '@sse-from-scratch/http-raw'
import { type Connection, connect, type Listener } from '@sse-from-scratch/tcp-echo'
import { retainedBytes } from '@sse-from-scratch/testkit'
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

/** What is held on to at the end of `attack`, and was not before: before anything of it is let go. */
export async function growthDuring(attack: () => Promise<void>): Promise<number> {
  const before = retainedBytes()
  await attack()
  return retainedBytes() - before
}

/** Resolves when `count` has not moved for twenty turns of the event loop, of a few milliseconds each. */
export async function standstill(count: () => number): Promise<void> {
  for (let quiet = 0, last = count(); quiet < 20; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (count() !== last) quiet = 0
    last = count()
  }
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
