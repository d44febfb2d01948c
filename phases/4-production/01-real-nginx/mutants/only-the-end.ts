import type { WhatHolds } from '../contract.ts'
import { whatHolds as right } from '../solution.ts'

export { headers, nginxConf } from '../solution.ts'

/** Held is what begins when the last event has been sent. */
export const whatHolds: WhatHolds = (measured) => {
  const { sent, seen } = measured
  return (seen[0] ?? 0) < (sent.at(-1) ?? 0) ? 'nothing' : right(measured)
}
