import type { WhatHolds } from '../contract.ts'
import { whatHolds as right } from '../solution.ts'

export { headers, nginxConf } from '../solution.ts'

export const whatHolds: WhatHolds = (seen) => (seen.coding === undefined ? right(seen) : 'gzip')
