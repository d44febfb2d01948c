import type { Connection } from '@sse-from-scratch/tcp-echo'

/** What goes one way through a proxy, in the order in which it goes. */
export interface Course {
  /** What leaves in the place of these bytes. Default: they do. */
  readonly rewrite?: (bytes: Uint8Array) => readonly Uint8Array[]
  /** These bytes came, and have just been passed on. */
  onBytes(bytes: Uint8Array): void
  /** Whoever gets them took no more for so many milliseconds, and does now. */
  onWait(milliseconds: number): void
  /** The end came, and is about to be passed on. */
  onFin(): void
}

/** How two connections that were one came apart: whose it was that broke, and how. */
export interface Break {
  readonly side: 'client' | 'target'
  readonly error: unknown
}

/**
 * Makes one connection of two: bytes leave as soon as they come, each end as an end of that direction alone, and a reset
 * as a reset. Nobody reads faster than the other side takes: what waits is the read-ahead of each connection, and what its
 * socket takes in (RFC 9293 §3.8.6).
 *
 * Resolves when both directions have ended, or with what broke one of the connections; then the other is aborted.
 */
export async function relay(
  client: Connection,
  target: Connection,
  up: Course,
  down: Course,
): Promise<Break | undefined> {
  try {
    await Promise.all([carry(client, target, up), carry(target, client, down)])
    return undefined
  } catch (error) {
    const side = client.signal.aborted && client.signal.reason === error ? 'client' : 'target'
    client.abort(error)
    target.abort(error)
    return { side, error }
  }
}

/** Milliseconds of waiting for a receiver that are worth a word. */
const NOTICED = 50

async function carry(from: Connection, to: Connection, course: Course): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) {
    const polite = course.rewrite ? to.write(...course.rewrite(bytes)) : to.write(bytes)
    course.onBytes(bytes)
    const from = performance.now()
    await polite
    const waited = performance.now() - from
    if (waited >= NOTICED) course.onWait(waited)
  }
  course.onFin()
  await to.end()
}
