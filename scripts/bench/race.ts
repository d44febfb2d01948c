import { median, spread } from './statistics.ts'

/** One way to do the work of a race. */
export interface Contender {
  readonly name: string
  /** Runs once before the first round. */
  start?(): Promise<void> | void
  /** Works for about `seconds` and returns how much that was per second: more is better. */
  measure(seconds: number): Promise<number> | number
  /** Runs once after the last round. */
  stop?(): Promise<void> | void
}

/** Somebody to compare with, and how many times as fast we want to be. */
export interface Opponent extends Contender {
  readonly goal?: number
}

export interface Race {
  readonly title: string
  /** Of what is measured, for example "req/s". "B/s" is shown as MB/s or GB/s. */
  readonly unit: string
  readonly ours: Contender
  readonly rivals: readonly Opponent[]
  /** What the machine could do if there were no protocol: the ratio to it is at most about 1. */
  readonly limit?: Opponent
}

/** A row that cannot be measured here, and why: it is named, not left out in silence. */
export interface SkippedRace {
  readonly title: string
  readonly skipped: string
}

export interface Ratio {
  readonly against: string
  readonly kind: 'rival' | 'limit'
  /** Our rate divided by theirs: the median over the rounds. */
  readonly ratio: number
  /** Half the distance between the quartiles of the ratio, as a share of it. */
  readonly spread: number
  readonly goal?: number
}

export interface Result {
  readonly title: string
  readonly unit: string
  /** Our median rate. */
  readonly ours: number
  readonly ratios: readonly Ratio[]
}

export interface RaceOptions {
  readonly rounds: number
  /** How long each contender works in each round. */
  readonly seconds: number
}

/** How many times as long the first round is: V8 compiles what is new to it in the meantime. */
const WARM_UP = 4

/**
 * Lets all of them work in turn, round after round, so that whatever else the machine is doing meets all alike.
 *
 * A ratio is made inside each round, between neighbours in time; what is reported is the median of these. A long first
 * round that does not count warms everything up, and every round begins with another contender.
 */
export async function race(course: Race, { rounds, seconds }: RaceOptions): Promise<Result> {
  const opponents = [...course.rivals, ...(course.limit ? [course.limit] : [])]
  const contenders: readonly Contender[] = [course.ours, ...opponents]
  const rates = contenders.map((): number[] => [])
  const started: Contender[] = []
  try {
    for (const contender of contenders) {
      started.push(contender)
      await contender.start?.()
    }
    for (const contender of contenders) await contender.measure(seconds * WARM_UP)
    for (let round = 0; round < rounds; round++)
      for (let turn = 0; turn < contenders.length; turn++) {
        const which = (round + turn) % contenders.length
        rates[which]?.push(await measured(contenders[which] as Contender, seconds))
      }
  } finally {
    for (const contender of started) await contender.stop?.()
  }
  const [ours = [], ...theirs] = rates
  const ratios = opponents.map(({ name, goal }, which): Ratio => {
    const each = ours.map((rate, round) => rate / (theirs[which]?.[round] as number))
    const kind = which < course.rivals.length ? 'rival' : 'limit'
    return { against: name, kind, ratio: median(each), spread: spread(each), ...(goal !== undefined && { goal }) }
  })
  return { title: course.title, unit: course.unit, ours: median(ours), ratios }
}

async function measured(contender: Contender, seconds: number): Promise<number> {
  const rate = await contender.measure(seconds)
  if (rate > 0 && Number.isFinite(rate)) return rate
  throw new RangeError(`${contender.name} measured ${rate}`)
}
