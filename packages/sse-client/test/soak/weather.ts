import type { Weather } from '@sse-from-scratch/testkit'

/** What was done to connections, for the report. */
export interface Storms {
  resets: number
  ends: number
  stalls: number
  drips: number
}

/**
 * The weather for one connection after the other: each is lost sooner or later, by a RST, by a FIN in the middle of a
 * chunk, or in silence; some drip. Most get through the head and a few dozen events, some not even that.
 */
export function createWeather(random: () => number, storms: Storms): () => Weather {
  return () => {
    const cutAfter = Math.ceil(100 * 500 ** random()) // from 100 bytes to 50,000, as many short ones as long ones
    const drips = random() < 0.1
    if (drips) storms.drips++
    const pieces = drips ? { pieceSize: Math.ceil(random() * 64) } : {}
    const fate = random()
    if (fate < 0.48) {
      storms.resets++
      return { ...pieces, cutAfter, cut: 'reset' }
    }
    if (fate < 0.96) {
      storms.ends++
      return { ...pieces, cutAfter, cut: 'end' }
    }
    storms.stalls++
    return { ...pieces, cutAfter, cut: 'stall' }
  }
}
