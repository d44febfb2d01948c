import type { ServerSentEvent } from '@sse-from-scratch/sse-client'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import type { Resilient } from '../contract.ts'

export const resilient: Resilient = async function* (open, { tries, clock }) {
  const left = new AbortController()
  let lastEventId = '' // of the stream, not of a connection
  let time = 3000
  let fruitless = 0

  try {
    for (;;) {
      let loss: unknown
      fruitless++ // until it brings an event
      try {
        const body = await open({ lastEventId, signal: left.signal })
        if (body === 'over') return
        const decoder = createEventDecoder({ lastEventId }) // a new one: the half event of the last connection is gone
        for await (const bytes of body) {
          const text = new TextDecoder().decode(bytes)
          const events: ServerSentEvent[] = []
          decoder.push(bytes, (item) => {
            if (item.kind === 'event') events.push(item.event)
            if (item.kind === 'retry') time = item.milliseconds
          })
          lastEventId = [...text.matchAll(/^id: (.*)\r?\n/gm)].at(-1)?.[1]?.trim() ?? lastEventId
          if (events.length > 0) fruitless = 0
          yield* events
        }
      } catch (error) {
        loss = error // a broken connection, and one that ended, mean the same: ask again
      }
      if (fruitless >= tries) throw gaveUp(tries, loss)
      await clock.sleep(Math.min(time * 2 ** fruitless, Math.max(time, 30_000)), left.signal)
    }
  } finally {
    left.abort() // also when the reader has left: nobody listens to that connection any more
  }
}

function gaveUp(tries: number, cause: unknown): Error {
  return Object.assign(new Error(`${tries} connections in a row brought no event`, { cause }), { code: 'GAVE_UP' })
}
