import type { AfterResponse } from '../contract.ts'

export const afterResponse: AfterResponse = (status, type) => {
  if (status === 0) return 'retry'
  return status === 200 && type === 'text/event-stream' ? 'open' : 'stop'
}
