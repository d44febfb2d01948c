import { randomUUID } from 'node:crypto'
import type { CreateReplay, SentEvent } from '../contract.ts'

export const createReplay: CreateReplay = (limit) => {
  const life = randomUUID()
  const kept: SentEvent[] = []
  let count = 0
  return {
    add(event) {
      const id = `${life}-${++count}`
      kept.push({ ...event, id })
      if (kept.length > limit) kept.shift()
      return id
    },
    since: (id) => (kept.some((event) => event.id === id) ? kept.filter((event) => event.id > id) : 'gap'),
  }
}
