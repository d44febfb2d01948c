import type { CreateReplay, SentEvent } from '../contract.ts'

export const createReplay: CreateReplay = (limit) => {
  const kept: SentEvent[] = []
  let count = 0
  return {
    add(event) {
      const id = `${++count}`
      kept.push({ ...event, id })
      if (kept.length > limit) kept.shift()
      return id
    },
    since(id) {
      const at = kept.findIndex((event) => event.id === id)
      return at < 0 ? 'gap' : kept.slice(at + 1)
    },
  }
}
