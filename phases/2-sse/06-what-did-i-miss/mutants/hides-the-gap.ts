import { randomUUID } from 'node:crypto'
import type { CreateReplay, SentEvent } from '../contract.ts'

/** `findIndex` says -1 for what it does not find, and -1 + 1 is the beginning. */
export const createReplay: CreateReplay = (limit) => {
  const kept: SentEvent[] = []
  return {
    add(event) {
      const id = randomUUID()
      kept.push({ ...event, id })
      if (kept.length > limit) kept.shift()
      return id
    },
    since: (id) => kept.slice(kept.findIndex((event) => event.id === id) + 1),
  }
}
