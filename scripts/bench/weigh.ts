import type { Contender } from './race.ts'
import { median } from './statistics.ts'

/** What something costs, ours and others': `measure` returns bytes, and fewer are better. */
export interface Weighing {
  readonly title: string
  readonly scale: Contender
  readonly others: readonly Contender[]
  /** So many bytes of ours are too many. */
  readonly most?: number
  /** And so many more than the first of the others, which can do nothing but hold what it holds. */
  readonly mostAbove?: number
}

export interface Weight {
  readonly title: string
  readonly bytes: number
  readonly others: readonly { readonly against: string; readonly bytes: number }[]
  readonly goals: readonly { readonly text: string; readonly bytes: number; readonly most: number }[]
}

/** Each in turn, several times over: memory, unlike speed, is not shared with neighbours. */
export async function weigh(weighing: Weighing, times: number): Promise<Weight> {
  const bytes = await weighed(weighing.scale, times)
  const others: { against: string; bytes: number }[] = []
  for (const other of weighing.others) others.push({ against: other.name, bytes: await weighed(other, times) })
  const goals: Weight['goals'][number][] = []
  const { title, most, mostAbove } = weighing
  if (most !== undefined) goals.push({ text: 'in all', bytes, most })
  const [least] = others
  if (mostAbove !== undefined && least) {
    goals.push({ text: `above ${least.against}`, bytes: bytes - least.bytes, most: mostAbove })
  }
  return { title, bytes, others, goals }
}

/** A new process each time: what the last one left behind would count as free. */
async function weighed(contender: Contender, times: number): Promise<number> {
  const weights: number[] = []
  for (let n = 0; n < times; n++) {
    try {
      await contender.start?.()
      weights.push(await contender.measure(0))
    } finally {
      await contender.stop?.()
    }
  }
  return median(weights)
}
