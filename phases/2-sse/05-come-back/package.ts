import { realClock } from '@sse-from-scratch/course'
import { exponentialBackoff, openEventStream, type ReadyState, type Transport } from '@sse-from-scratch/sse-client'
import type { Connect, Open } from './contract.ts'

const openWithFetch: Open = async ({ url, ...init }) => {
  const { status, headers, body } = await fetch(url, init)
  return { status, type: headers.get('content-type') ?? undefined, body: body ?? (async function* () {})() }
}
const READY_STATE = { connecting: 0, open: 1, closed: 2 } as const

export const connect: Connect = (
  url,
  { onEvent, open = openWithFetch, clock = realClock, random = Math.random, method = 'GET', signal: given },
) => {
  const over = new AbortController()
  const signal = given ? AbortSignal.any([given, over.signal]) : over.signal
  const backoff = exponentialBackoff(undefined, random)
  let state: ReadyState = 'connecting'
  let lastEventId = ''
  let wait = 0
  const transport: Transport = async (request) => {
    if (wait > 0) await clock.sleep(wait, request.signal) // the package waits with timers; here it waits with the clock
    const { status, type, body } = await open({ ...request, url: request.url.href })
    return { status, contentType: type ?? null, body }
  }
  const events = openEventStream(url, transport, {
    method,
    signal,
    onStateChange(now) {
      state = now
    },
    ...(method === 'GET' && {
      reconnect(loss) {
        wait = Number(backoff(loss))
        return 0
      },
    }),
  })
  const read = async () => {
    for await (const event of events) {
      lastEventId = event.lastEventId
      onEvent(event)
    }
  }
  read().catch(() => {}) // why it has ended is for those who ask the package itself
  return {
    close() {
      state = 'closed'
      over.abort()
    },
    get readyState() {
      return READY_STATE[state]
    },
    get lastEventId() {
      return lastEventId
    },
  }
}
