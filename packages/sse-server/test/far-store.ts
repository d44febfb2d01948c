import type { EncodedEvent, EventHistory } from '@sse-from-scratch/sse-server'

/** A store on the other side of a network: it answers when the test lets it, with what it knew when it was asked. */
export interface FarStore extends EventHistory {
  readonly events: EncodedEvent[]
  /** How many questions have not been answered. */
  readonly asked: number
  /** Answers the question that has waited longest. */
  answer(): Promise<void>
  fail(reason: unknown): Promise<void>
}

export interface FarStoreOptions {
  /** Events in one answer. Default: all there are. */
  readonly page?: number
  /** Shared by the processes of the test. */
  readonly events?: EncodedEvent[]
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function farStore({ page = Number.POSITIVE_INFINITY, events = [] }: FarStoreOptions = {}): FarStore {
  const questions: { answer: () => void; fail: (reason: unknown) => void }[] = []
  return {
    events,
    get asked() {
      return questions.length
    },
    append() {}, // what is published came from here
    after(id) {
      const at = events.findIndex((event) => event.id === id)
      const missed = at < 0 ? undefined : events.slice(at + 1, at + 1 + page)
      return new Promise((resolve, fail) => questions.push({ answer: () => resolve(missed), fail }))
    },
    async answer() {
      questions.shift()?.answer()
      await turn()
    },
    async fail(reason) {
      questions.shift()?.fail(reason)
      await turn()
    },
  }
}
