import type { Traffic } from './line.ts'
import type { Heard } from './stage.ts'

/** The value below which this share of the values lies (nearest rank); NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN
}

/** What crossed the line between two looks at it. */
export function difference(after: Traffic, before: Traffic): Traffic {
  return { up: after.up - before.up, down: after.down - before.down }
}

/** Both directions divided by the same number, to whole bytes. */
export function perUnit({ up, down }: Traffic, units: number): Traffic {
  return { up: Math.round(up / units), down: Math.round(down / units) }
}

/** How many of the ticks with these ids were never heard, and how many were heard again. */
export function account(heard: readonly Heard[], published: number): { missed: number; doubled: number } {
  const different = new Set(heard.map(({ id }) => id))
  return { missed: published - different.size, doubled: heard.length - different.size }
}
