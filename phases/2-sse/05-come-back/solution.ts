import { realClock } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import type { Connect, Open, OpenAnswer } from './contract.ts'

const openWithFetch: Open = async ({ url, ...init }) => {
  const { status, headers, body } = await fetch(url, init)
  return { status, type: headers.get('content-type') ?? undefined, body: body ?? (async function* () {})() }
}
const isEventStream = ({ status, type = '' }: OpenAnswer) => status === 200 && /^text\/event-stream *(;|$)/i.test(type)

export const connect: Connect = (
  url,
  { onEvent, open = openWithFetch, clock = realClock, random = Math.random, method = 'GET', signal: given },
) => {
  const over = new AbortController()
  const signal = given ? AbortSignal.any([given, over.signal]) : over.signal
  const connection = { readyState: 0 as 0 | 1 | 2, lastEventId: '', close: () => over.abort() }
  let time = 3000

  /** Resolves when the connection has ended, rejects when it broke. */
  async function read({ body }: OpenAnswer): Promise<void> {
    const decoder = createEventDecoder({ lastEventId: connection.lastEventId })
    for await (const bytes of body) {
      decoder.push(bytes, (item) => {
        if (signal.aborted) return // close() was called while these bytes were on their way
        connection.lastEventId = decoder.lastEventId
        if (item.kind === 'event') onEvent(item.event)
        else if (item.kind === 'retry') time = item.milliseconds
      })
      connection.lastEventId = decoder.lastEventId // an event without data may have an id all the same
    }
  }

  async function run(): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const { lastEventId: id } = connection
        const headers = { Accept: 'text/event-stream', ...(id !== '' && { 'Last-Event-ID': id }) }
        const answer = await open({ url, method, headers, signal })
        if (signal.aborted || !isEventStream(answer)) return
        connection.readyState = 1
        failures = 0 // it can be reached: what comes now is a new story
        await read(answer)
      } catch {} // a broken connection is like an ended one: both mean to come back
      if (signal.aborted || method !== 'GET') return // who knows what a second POST would do?
      connection.readyState = 0
      const most = Math.min(time * 2 ** Math.max(failures, 1), Math.max(time, 30_000))
      await clock.sleep(time + random() * (most - time), signal)
    }
  }

  const closed = () => {
    connection.readyState = 2
  }
  signal.addEventListener('abort', closed, { once: true })
  run().then(closed, closed)
  return connection
}
