import { openEventStream, type Transport } from '@sse-from-scratch/sse-client'
import type { Resilient } from './contract.ts'

export const resilient: Resilient = async function* (open, { tries, clock }) {
  let fruitless = 1
  let wait = 0
  let loss: unknown
  const transport: Transport = async ({ headers, signal }) => {
    if (wait > 0) await clock.sleep(wait, signal) // the package waits with timers; here it waits with the clock
    const body = await open({ lastEventId: headers['Last-Event-ID'] ?? '', signal })
    if (body === 'over') return { status: 204, contentType: null, body: null }
    return { status: 200, contentType: 'text/event-stream', body }
  }
  const events = openEventStream('http://localhost/', transport, {
    reconnect({ reconnectionTime: time, error }) {
      loss = error
      if (fruitless >= tries) return false
      wait = Math.min(time * 2 ** fruitless, Math.max(time, 30_000))
      fruitless++
      return 0
    },
  })
  try {
    for await (const event of events) {
      fruitless = 0
      yield event
    }
  } catch {} // the package wraps what the last connection died of: it is in loss
  if (fruitless >= tries) throw Object.assign(new Error('gave up', { cause: loss }), { code: 'GAVE_UP' })
}
