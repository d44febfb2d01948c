import type { RequestLog } from './request-log.ts'

/** What the hops of one connection have in common. */
export interface HopSetup {
  readonly requests: RequestLog
  /** Bytes one of them may keep: what holds back until the end lets go of more. */
  readonly maxHeld: number
  /** Numbers in [0, 1). */
  readonly random: () => number
}
