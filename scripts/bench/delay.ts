import type { Contender } from './race.ts'
import { median } from './statistics.ts'

/** How long something takes, ours and others': `measure` returns microseconds, and fewer are better. */
export interface DelayRace {
  readonly title: string
  readonly ours: Contender
  /** Who does the least that can be done. */
  readonly least: Contender
  readonly others: readonly Contender[]
  /** So many microseconds above `least` are too many. */
  readonly mostAbove: number
}

export interface Delay {
  readonly title: string
  readonly microseconds: number
  readonly others: readonly { readonly against: string; readonly microseconds: number }[]
  /** Above the first of the others: the median of what it was in each round. */
  readonly above: number
  readonly mostAbove: number
}

/** All of them in turn, round after round; differences are made within a round, and the first one does not count. */
export async function compareDelays(course: DelayRace, rounds: number): Promise<Delay> {
  const all = [course.ours, course.least, ...course.others]
  const delays = all.map((): number[] => [])
  const started: Contender[] = []
  try {
    for (const contender of all) {
      started.push(contender)
      await contender.start?.()
    }
    for (let round = -1; round < rounds; round++)
      for (let turn = 0; turn < all.length; turn++) {
        const which = (Math.max(0, round) + turn) % all.length
        const delay = await (all[which] as Contender).measure(0)
        if (round >= 0) delays[which]?.push(delay)
      }
  } finally {
    for (const contender of started) await contender.stop?.()
  }
  const [ours = [], least = []] = delays
  return {
    title: course.title,
    microseconds: median(ours),
    others: all.slice(1).map(({ name }, n) => ({ against: name, microseconds: median(delays[n + 1] ?? []) })),
    above: median(ours.map((delay, round) => delay - (least[round] as number))),
    mostAbove: course.mostAbove,
  }
}
