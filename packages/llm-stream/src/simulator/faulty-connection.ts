import { type Connection, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { concat } from '../concat.ts'
import type { ByteFaults, Mark, Step } from './byte-faults.ts'
import { sleep } from './pace.ts'

/** Thrown where an answer is over on purpose, before its end. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
}

/** How faults get at the bytes of a connection. */
export interface Line {
  /** What the next write holds. */
  mark: Mark
  /** From now on `faults` has the last word about every byte; `undefined`: nobody has. */
  arm(faults: ByteFaults | undefined): void
  /** Waits; with Infinity, until the client leaves, and then throws CutShort. */
  hold(milliseconds: number): Promise<void>
}

const lines = new WeakMap<Connection, Line>()

/** The line under a connection that {@link withFaults} made. */
export function lineOf(connection: Connection): Line | undefined {
  return lines.get(connection)
}

/** A RST takes along what has not left, and hides what has not been read: the client gets this long to read it. */
const BEFORE_RESET = 20
/** How long a client may take to hang up, too, once it has our FIN. */
const LINGER = 2000

/**
 * The connection, with a place under the HTTP encoder where bytes can be made to go wrong ({@link Line}). As long as no
 * fault is armed it is the connection itself.
 */
export function withFaults(connection: Connection): Connection {
  let faults: ByteFaults | undefined
  let tail: Promise<void> = Promise.resolve()

  const line: Line = {
    mark: { kind: 'head' },
    arm(armed) {
      faults = armed
      line.mark = { kind: 'head' }
    },
    async hold(milliseconds) {
      if (milliseconds !== Number.POSITIVE_INFINITY) await sleep(milliseconds, connection.signal)
      else await untilGone(connection)
    },
  }

  async function run(steps: Iterable<Step>): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'write') await connection.write(step.bytes)
      else if (step.kind === 'wait') await line.hold(step.milliseconds)
      else await leave(connection, step.kind)
    }
  }

  function write(parts: readonly Uint8Array[]): Promise<void> {
    if (!faults) return connection.write(...parts)
    const steps = faults.pass(concat(parts), line.mark)
    tail = tail.then(() => run(steps))
    return tail
  }

  const wrapped = wrapConnection(connection, {
    write: (...parts) => write(parts),
    ...(connection.send && {
      send: (text, isLast) =>
        faults ? write([Uint8Array.from(text, (each) => each.charCodeAt(0))]) : connection.send?.(text, isLast),
    }),
  })
  lines.set(wrapped, line)
  return wrapped
}

/** Ends a connection in one of three ways. Always throws: nobody shall go on writing. */
async function leave(connection: Connection, how: 'fin' | 'rst' | 'forget'): Promise<never> {
  if (how === 'forget') await aborted(connection.signal)
  if (how === 'rst') {
    await sleep(BEFORE_RESET, connection.signal)
    connection.abort(new CutShort('the fault says: rst'))
  }
  if (how === 'fin') {
    await connection.end()
    // Whoever closes with bytes unread sends a RST, which may overtake the FIN in the eyes of the client.
    const late = AbortSignal.timeout(LINGER)
    await Promise.race([untilGone(connection), aborted(late)]).catch(() => {})
  }
  throw new CutShort(`the fault says: ${how}`)
}

/** Reads, and throws away, until the client has closed; then throws CutShort. */
async function untilGone(connection: Connection): Promise<never> {
  while ((await connection.read()) !== null) {} // a next request will not be answered here
  throw new CutShort('the client has left')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
