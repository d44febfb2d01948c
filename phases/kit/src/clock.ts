/** The time, and a way to wait, from outside: so that a test need not wait. */
export interface Clock {
  /** Milliseconds since some moment. Only differences mean something. */
  now(): number
  /** Resolves when `ms` milliseconds have gone by. @throws the reason of `signal` as soon as it is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A clock that only goes when it is told to. */
export interface HandClock extends Clock {
  /** Lets time go by: everyone whose time has come wakes, in order, and has done what it can before this resolves. */
  advance(ms: number): Promise<void>
  /** For how long the sleepers still have to sleep, the next one first. */
  readonly sleeping: readonly number[]
}

/** The clock of the machine. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** A clock for tests: it stands at 0 until it is told to go on. */
export function createClock(): HandClock {
  let now = 0
  let sleepers: Sleeper[] = []

  async function advance(ms: number): Promise<void> {
    const until = now + ms
    await settle()
    for (let next = due(until); next !== undefined; next = due(until)) {
      now = next.at
      sleepers = sleepers.filter((sleeper) => sleeper !== next)
      next.wake()
      await settle()
    }
    now = until
  }

  function due(until: number): Sleeper | undefined {
    const [first] = [...sleepers].sort((a, b) => a.at - b.at) // a stable order: who came first wakes first
    return first && first.at <= until ? first : undefined
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const stop = () => {
        sleepers = sleepers.filter((other) => other !== sleeper)
        reject(signal?.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const sleeper = { at: now + Math.max(0, ms), wake }
      sleepers.push(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  return {
    now: () => now,
    sleep,
    advance,
    get sleeping() {
      return sleepers.map(({ at }) => at - now).sort((a, b) => a - b)
    },
  }
}

/** Lets everything go on that waits for nothing but its turn: two rounds of the event loop. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve))
}
