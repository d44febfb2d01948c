/** Things that came together. */
export interface Burst {
  /** When the first of them came, in milliseconds. */
  readonly at: number
  size: number
}

/** Milliseconds within which things are one burst: what a writer does in one go may be two reads. */
const TOGETHER = 2

/** Parts times, in order, wherever there was a pause. */
export function burstsOf(times: readonly number[]): readonly Burst[] {
  const bursts: Burst[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const at of times) {
    const burst = bursts.at(-1)
    if (burst && at - last < TOGETHER) burst.size++
    else bursts.push({ at, size: 1 })
    last = at
  }
  return bursts
}
