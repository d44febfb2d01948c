import type { CreateReplay, SentEvent } from '../contract.ts'

export const createReplay: CreateReplay = (limit) => {
  const kept: SentEvent[] = []
  return {
    add(event) {
      if (kept.length === limit) kept.shift()
      const id = `${kept.length}`
      kept.push({ ...event, id })
      return id
    },
    since: (id) => (Number(id) < kept.length ? kept.slice(Number(id) + 1) : 'gap'),
  }
}
