import { randomUUID } from 'node:crypto'
import { createHistory, encodeEvent } from '@sse-from-scratch/sse-server'
import type { CreateReplay, SentEvent } from './contract.ts'

/** The package keeps events as bytes, and answers in parts; its channel gives them ids. */
export const createReplay: CreateReplay = (limit) => {
  const history = createHistory(limit)
  const sent = new WeakMap<object, SentEvent>()
  return {
    add(event) {
      const id = randomUUID()
      const encoded = encodeEvent({ ...event, id })
      sent.set(encoded, { ...event, id })
      history.append(encoded)
      return id
    },
    since(id) {
      const missed: SentEvent[] = []
      for (let part = history.after(id); ; part = history.after(missed.at(-1)?.id ?? id)) {
        if (part === undefined) return 'gap'
        if (part.length === 0) return missed
        missed.push(...part.flatMap((event) => sent.get(event) ?? []))
      }
    },
  }
}
