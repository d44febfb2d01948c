import type { CreateReplay, SentEvent } from '../contract.ts'
import { createReplay as right } from '../solution.ts'

export const createReplay: CreateReplay = (limit) => {
  const { add, since } = right(limit)
  return {
    add,
    since(id) {
      const missed = since(id)
      return missed === 'gap' ? missed : missed.map(({ id: _, ...event }) => event as SentEvent)
    },
  }
}
