import type { WhatHolds } from '../contract.ts'
import { whatHolds as right } from '../solution.ts'

export { headers, nginxConf } from '../solution.ts'

export const whatHolds: WhatHolds = (seen) => {
  const cause = right(seen)
  return cause === 'until-close' ? 'asked-in-1.0' : cause
}
