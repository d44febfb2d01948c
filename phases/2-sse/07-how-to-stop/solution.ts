import type { AfterResponse } from './contract.ts'

export const afterResponse: AfterResponse = (status, type = '') => {
  if (status === 0) return 'retry' // nobody has said anything: that may change
  if (status !== 200) return 'stop' // somebody has, and it was no stream; 204 says so in the kindest way
  const [essence = ''] = type.split(';') // what comes behind it are parameters
  return essence.trim().toLowerCase() === 'text/event-stream' ? 'open' : 'stop'
}
