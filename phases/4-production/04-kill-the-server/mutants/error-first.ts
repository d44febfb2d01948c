import type { HowItEnded } from '../contract.ts'
import { howItEnded as right } from '../solution.ts'

export const howItEnded: HowItEnded = (trace) =>
  trace.said.some(({ event }) => event === 'error') ? 'reset' : right(trace)
