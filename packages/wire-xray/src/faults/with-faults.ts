import { type Clock, createRandom, systemClock } from '@sse-from-scratch/llm-stream/simulator'
import { type Connection, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { createChangingChain, createFaultChain } from './changing-chain.ts'
import type { Fault } from './fault.ts'
import { createFaultyReader } from './faulty-reader.ts'
import { parseFaults } from './parse-faults.ts'

/** How faults behave. */
export interface FaultOptions {
  /** What chance does where chance is asked for: the same seed, the same faults. Default 1. */
  readonly seed?: number
  /** Bytes that the faults of one connection may keep back; then its server has to wait. Default 16 MiB. */
  readonly maxHeld?: number
  /** Whose time it is. Default: the system's. */
  readonly clock?: Clock
}

/** Faults, or who is asked for them whenever a request begins and nothing else is under way. */
export type FaultSource = readonly Fault[] | (() => readonly Fault[])

/**
 * The connection to a server, with a bad way back: what is read has gone through the faults, the first of them next to the
 * server. What is written leaves as it is.
 *
 * Backpressure is kept: nothing is read ahead but what a fault holds, up to `maxHeld`. Faults that hold back until the end
 * let go of what is more.
 *
 * @throws TypeError for faults that cannot be read
 * @throws RangeError for a `maxHeld` that is not above 0
 */
export function withFaults(
  connection: Connection,
  faults: string | FaultSource,
  options: FaultOptions = {},
): Connection {
  const { clock = systemClock, maxHeld = 16 * 1024 * 1024, seed = 1 } = options
  if (!(maxHeld > 0)) throw new RangeError(`maxHeld is above 0, not ${maxHeld}`)
  const setup = { maxHeld, random: createRandom(seed) }
  const list = typeof faults === 'string' ? parseFaults(faults) : faults
  const chain = typeof list === 'function' ? createChangingChain(list, setup) : createFaultChain(list, setup)
  const reader = createFaultyReader({ connection, chain, clock, maxHeld })

  return wrapConnection(connection, {
    read: reader.read,
    unread: reader.unread,
    write(...parts) {
      for (const part of parts) chain.asked(part)
      return connection.write(...parts)
    },
    abort: reader.abort,
  })
}
