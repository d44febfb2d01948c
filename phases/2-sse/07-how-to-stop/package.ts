import { once } from 'node:events'
import { EventSource } from '@sse-from-scratch/sse-client'
import type { AfterResponse } from './contract.ts'

/** The package decides inside its EventSource: here it is asked by giving it such an answer. */
export const afterResponse = async (status: number, type: string | undefined): Promise<ReturnType<AfterResponse>> => {
  const source = new EventSource('http://127.0.0.1/', {
    transport: async () => {
      if (status === 0) throw new Error('connect ECONNREFUSED')
      return { status, contentType: type ?? null, body: (async function* () {})() }
    },
  })
  const end = await Promise.race([once(source, 'open').then(() => 'open' as const), once(source, 'error')])
  const { readyState } = source
  source.close()
  if (end === 'open') return 'open'
  return readyState === EventSource.CLOSED ? 'stop' : 'retry'
}
