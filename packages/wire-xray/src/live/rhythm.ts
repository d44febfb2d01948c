import { type Burst, burstsOf } from '../bursts.ts'

/** When events came, and how they came together. */
export interface Rhythm {
  /** An event came with a read of this time, in milliseconds. */
  event(at: number): void
  /** Another answer begins. */
  reset(): void
  /** `····|····|  bursts of 4 every 200 ms`; empty as long as there is no event. */
  line(): string
}

/** Events that are remembered. */
const REMEMBERED = 64

/** Draws the last events as dots, with a bar wherever there was a pause. */
export function createRhythm(): Rhythm {
  let times: number[] = []
  return {
    event(at) {
      times.push(at)
      if (times.length > REMEMBERED) times.shift()
    },
    reset() {
      times = []
    },
    line() {
      if (times.length === 0) return ''
      const bursts = burstsOf(times)
      const dots = bursts.map(({ size }) => '·'.repeat(size)).join('|')
      return `${dots.slice(-24)}  ${inWords(bursts)}`.trimEnd()
    },
  }
}

/** The first burst may have begun before what is remembered, and the last may go on: between them is what counts. */
function inWords(bursts: readonly Burst[]): string {
  if (bursts.length < 3) return ''
  const sizes = bursts.slice(1, -1).map(({ size }) => size)
  const gaps = bursts.slice(1).map(({ at }, n) => at - (bursts[n] as Burst).at)
  const size = middle(sizes)
  return `${size === 1 ? 'one event' : `bursts of ${size}`} every ${middle(gaps).toFixed(0)} ms`
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
