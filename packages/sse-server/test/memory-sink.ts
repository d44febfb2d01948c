import type { EventSink } from '@sse-from-scratch/sse-server'

/** A sink whose reader is the test: it decides when there is room and when the client leaves. */
export interface MemorySink extends EventSink {
  readonly text: string
  readonly aborted: unknown
  readonly ended: boolean
  /** How many listeners wait for the client to leave. */
  readonly listeners: number
  /** The reader takes everything. */
  drain(): void
  leave(reason?: unknown): void
}

export function memorySink({ room = Number.POSITIVE_INFINITY }: { room?: number } = {}): MemorySink {
  const gone = new AbortController()
  let text = ''
  let unsent = 0
  let aborted: unknown
  let ended = false
  let listeners = 0
  let waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = []
  const { signal } = gone
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--
    remove(...args)
  }

  const wait = () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
  const settle = (settleOne: (one: (typeof waiting)[number]) => void) => {
    const settled = waiting
    waiting = []
    settled.forEach(settleOne)
  }

  return {
    signal,
    get text() {
      return text
    },
    get unsent() {
      return unsent
    },
    get aborted() {
      return aborted
    },
    get ended() {
      return ended
    },
    get listeners() {
      return listeners
    },
    write(bytes) {
      signal.throwIfAborted()
      text += new TextDecoder().decode(bytes)
      if (room === Number.POSITIVE_INFINITY) return undefined
      unsent += bytes.length
      return unsent > room ? wait() : undefined
    },
    end() {
      ended = true
      return unsent > 0 ? wait() : undefined
    },
    abort(reason) {
      aborted = reason
      gone.abort(reason)
      settle(({ reject }) => reject(reason))
    },
    drain() {
      unsent = 0
      settle(({ resolve }) => resolve())
    },
    leave(reason = new Error('reset by peer')) {
      gone.abort(reason)
      settle(({ reject }) => reject(reason))
    },
  }
}
