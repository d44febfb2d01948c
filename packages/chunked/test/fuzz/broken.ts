import fc from 'fast-check'
import { PROPERTIES } from './properties.ts'

export interface SearchOptions {
  readonly seed: number
  /** How many inputs to try. */
  readonly runs: number
  /** Of a failure that was reported before: tries only that one. */
  readonly path?: string | undefined
  /** Milliseconds; making a failure small can take minutes. */
  readonly time: number
}

/** Looks for an input that breaks a promise; returns a report on it, with the seed and path that find it again. */
export async function searchBroken(
  promise: string,
  { seed, runs, path, time }: SearchOptions,
): Promise<string | undefined> {
  const property = PROPERTIES[promise]
  if (property === undefined) throw new RangeError(`nobody has promised: ${promise}`)
  const again = path === undefined ? {} : { path }
  const details = await fc.check(property, { seed, numRuns: runs, interruptAfterTimeLimit: time, ...again })
  const report = await fc.asyncDefaultReportMessage(details)
  return report && `${report}\n\n${details.errorInstance}`
}
