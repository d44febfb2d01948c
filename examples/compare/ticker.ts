/** One thing that happened. Every transport carries the same text. */
export interface Tick {
  /** Counts from 1. */
  readonly id: number
  readonly text: string
}

/** The one source of events that all transports tell about. */
export interface Ticker {
  /** The id of the newest tick; 0 before the first. */
  readonly last: number
  publish(): Tick
  /** Everything that happened after `id`. */
  after(id: number): readonly Tick[]
  /** Delivers what happened after `id` and then everything new, each once; returns how to stop. */
  follow(id: number, deliver: (tick: Tick) => void): () => void
}

/** Prices that go up and down with a seed: the same seed tells the same story. */
export function createTicker(random: () => number): Ticker {
  const ticks: Tick[] = []
  const followers: ((tick: Tick) => void)[] = []
  let price = 100

  return {
    get last() {
      return ticks.length
    },
    publish() {
      price += Math.round((random() - 0.5) * 200) / 100
      const id = ticks.length + 1
      const tick = { id, text: JSON.stringify({ id, symbol: 'SSE', price: price.toFixed(2) }) }
      ticks.push(tick)
      // Who is told first has a head start: everybody gets it in turn.
      const first = id % Math.max(followers.length, 1)
      for (const deliver of [...followers.slice(first), ...followers.slice(0, first)]) deliver(tick)
      return tick
    },
    after: (id) => ticks.slice(id),
    follow(id, deliver) {
      for (const tick of ticks.slice(id)) deliver(tick)
      followers.push(deliver)
      return () => {
        const index = followers.indexOf(deliver)
        if (index >= 0) followers.splice(index, 1)
      }
    },
  }
}
