import type { AfterResponse } from '../contract.ts'

export const afterResponse: AfterResponse = (status, type) => {
  if (status === 0) return 'retry'
  return status === 200 && type?.split(';')[0]?.trim() === 'text/event-stream' ? 'open' : 'stop'
}
