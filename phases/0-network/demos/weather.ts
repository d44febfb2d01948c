/** What becomes of a datagram on its way. `swap`: the next one overtakes it. */
export type Fate = 'pass' | 'drop' | 'swap'

export interface Weather {
  /** The same seed is the same weather. */
  readonly seed: number
  /** How many of 1 are dropped: 0.1 is one in ten. */
  readonly drop: number
  /** How many of 1 are overtaken by the next. */
  readonly swap: number
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (a linear congruential generator). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export function createFates({ seed, drop, swap }: Weather): () => Fate {
  const random = createRandom(seed)
  return () => {
    const number = random()
    if (number < drop) return 'drop'
    return number < drop + swap ? 'swap' : 'pass'
  }
}
