/** Adjacent buckets differ by this factor: the error of a quantile is half of it. */
const STEP = Math.log(1.1)
const SMALLEST = 0.001 // milliseconds; what is shorter counts as 0

export interface Quantiles {
  add(value: number): void
  /** The value that this share of all values does not exceed, within 5 %. */
  at(share: number): number | undefined
}

/** A histogram with logarithmic buckets: a few hundred numbers, however many values. */
export function createQuantiles(): Quantiles {
  const buckets = new Map<number, number>()
  let count = 0
  return {
    add(value) {
      const bucket = value < SMALLEST ? -1 : Math.round(Math.log(value / SMALLEST) / STEP)
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
      count++
    },
    at(share) {
      let rest = share * count
      for (const [bucket, size] of [...buckets].sort(([a], [b]) => a - b)) {
        rest -= size
        if (rest <= 0) return bucket === -1 ? 0 : SMALLEST * Math.exp(bucket * STEP)
      }
      return undefined
    },
  }
}
