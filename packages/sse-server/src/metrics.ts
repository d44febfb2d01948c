/** What a channel has done since it was made, and the two that are of this moment: `sessions` and `queuedBytes`. */
export interface ChannelMetrics {
  /** Subscribed now. */
  readonly sessions: number
  /** Bytes waiting in this process for the readers of those sessions, now. */
  readonly queuedBytes: number
  /** Events given to `publish`. */
  readonly published: number
  /** Events written to a session, live: one published to three sessions counts three. */
  readonly sent: number
  /** Events written to a session because it had missed them. */
  readonly replayed: number
  /** Events not written because a reader was behind: skipped, or replaced by a later one. */
  readonly dropped: number
  /** Returning clients that had missed more than the history holds. */
  readonly gaps: number
  /** Sessions that were hung up on because they were too far behind. */
  readonly disconnected: number
}

/** The totals of a channel: plain numbers, counted where it happens. */
export type Counts = { -readonly [Name in Exclude<keyof ChannelMetrics, 'sessions' | 'queuedBytes'>]: number }

export function createCounts(): Counts {
  return { published: 0, sent: 0, replayed: 0, dropped: 0, gaps: 0, disconnected: 0 }
}
