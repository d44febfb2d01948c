import type { AfterResponse } from '../contract.ts'

export const afterResponse: AfterResponse = (status) => {
  if (status === 0) return 'retry'
  return status === 200 ? 'open' : 'stop'
}
