import { randomUUID } from 'node:crypto'
import type { CreateReplay, SentEvent } from './contract.ts'

export const createReplay: CreateReplay = (limit) => {
  const life = randomUUID() // the next process counts from 1 again, and must not be taken for this one
  const kept: SentEvent[] = []
  let count = 0
  return {
    add(event) {
      const id = `${life}-${++count}`
      kept.push({ ...event, id })
      if (kept.length > limit) kept.shift()
      return id
    },
    since(id) {
      const at = kept.findIndex((event) => event.id === id)
      return at < 0 ? 'gap' : kept.slice(at + 1) // the event with this id has been heard
    },
  }
}
