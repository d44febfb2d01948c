import type { WhatHolds } from '../contract.ts'

export { headers, nginxConf } from '../solution.ts'

export const whatHolds: WhatHolds = ({ sent, seen, asked, answered, coding }) => {
  const isLate = sent.slice(1).some((next, nth) => (seen[nth] ?? Number.POSITIVE_INFINITY) >= next)
  if (!isLate) return 'nothing'
  if (coding !== undefined) return 'gzip'
  if (answered === 'chunked') return 'large-events'
  return asked === 'HTTP/1.0' ? 'asked-in-1.0' : 'until-close'
}
