import { createAnswerCount } from '../answer-count.ts'
import type { Fault } from './fault.ts'
import { chainOf, type Hop } from './hop.ts'
import { hopFor } from './hop-for.ts'
import { createRequestLog } from './request-log.ts'
import type { HopSetup } from './setup.ts'

/** A chain of hops that hears what is asked. */
export interface FaultChain extends Hop {
  /** Bytes of the client. */
  asked(bytes: Uint8Array): void
}

/** The hops of these faults, for as long as the connection lives. */
export function createFaultChain(faults: readonly Fault[], setup: Omit<HopSetup, 'requests'>): FaultChain {
  const requests = createRequestLog()
  const hops = chainOf(faults.map((fault) => hopFor(fault, { ...setup, requests })))
  return Object.assign(hops, { asked: requests.push })
}

/**
 * The hops of what `faultsNow` says when a request begins and nothing is under way, until it says something else: in the
 * middle of an answer nobody could say what a fault had done to it.
 */
export function createChangingChain(faultsNow: () => readonly Fault[], setup: Omit<HopSetup, 'requests'>): FaultChain {
  const answers = createAnswerCount()
  let faults = faultsNow()
  let chain = createFaultChain(faults, setup)

  function change(): void {
    const next = faultsNow()
    if (next === faults || !answers.isIdle || chain.held > 0) return
    faults = next
    chain = createFaultChain(faults, setup)
  }

  return {
    asked(bytes) {
      change()
      answers.asked(bytes)
      chain.asked(bytes)
    },
    take(arrival, now, leave) {
      if (arrival.kind === 'bytes') answers.answered(arrival.bytes)
      chain.take(arrival, now, leave)
    },
    wake: (now, leave) => chain.wake(now, leave),
    get due() {
      return chain.due
    },
    get held() {
      return chain.held
    },
  }
}
