/** What to do, and for how long. Times are milliseconds. */
export interface Settings {
  readonly seed: number
  /** Ticks of the quiet part. */
  readonly events: number
  /** Between two ticks, on average. */
  readonly interval: number
  readonly pollInterval: number
  /** What everybody waits before coming back. */
  readonly retry: number
  /** Between two signs of life of an open connection; also how long a long poll is held. */
  readonly heartbeat: number
  /** How often the line is cut. */
  readonly cuts: number
  /** Ticks behind each cut. */
  readonly eventsAfterCut: number
  /** How long nothing happens at all. */
  readonly silence: number
  /** What to wait at most for somebody who is late. */
  readonly patience: number
  /** Whether nginx is asked, too. */
  readonly nginx: boolean
  /** Hears what is going on, for whoever watches. */
  readonly onProgress?: (what: string) => void
}

/** About 45 seconds. */
export const FULL: Settings = {
  seed: 1,
  events: 200,
  interval: 100,
  pollInterval: 1000,
  retry: 250,
  heartbeat: 2000,
  cuts: 5,
  eventsAfterCut: 12,
  silence: 6000,
  patience: 3000,
  nginx: true,
}

/** About a second: the same in small, to see that it works. Its times say nothing. */
export const QUICK: Settings = {
  ...FULL,
  events: 20,
  interval: 5,
  pollInterval: 40,
  retry: 20,
  heartbeat: 60,
  cuts: 2,
  eventsAfterCut: 16,
  silence: 250,
  patience: 30_000,
  nginx: false,
}
