import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'
import { diagnoseAll } from '../diagnose/index.ts'
import { type Exchange, residencesOf, timingsOf } from '../timeline/index.ts'

/** Something in which two recordings differ. */
export interface Difference {
  /** Its number in the first recording, or in the second where the first has none. */
  readonly exchange: number
  readonly what: 'exchange' | 'request' | 'status' | 'field' | 'event' | 'end' | 'diagnosis'
  /** As it is in the first one, undefined where it is missing there. */
  readonly a: string | undefined
  readonly b: string | undefined
}

/** The times of one exchange in both recordings, in milliseconds. */
export interface TimeDifference {
  readonly exchange: number
  readonly name: 'firstByte' | 'firstEvent' | 'firstToken' | 'total' | 'gap'
  readonly a: number
  readonly b: number
}

/** What differs between the exchanges of two recordings, and their times, which always do. */
export interface Comparison {
  readonly differences: readonly Difference[]
  readonly times: readonly TimeDifference[]
}

/** Compares exchanges in their order: what was asked, heads, events by id or data, how each ended, and what is wrong with it. */
export function compare(a: readonly Exchange[], b: readonly Exchange[]): Comparison {
  const differences: Difference[] = []
  const times: TimeDifference[] = []
  for (let n = 0; n < Math.max(a.length, b.length); n++) {
    const [one, other] = [a[n], b[n]]
    if (one && other) {
      differences.push(...differencesOf(one, other))
      times.push(...timesOf(one, other))
    } else {
      const number = (one ?? other)?.number ?? n + 1
      differences.push({
        exchange: number,
        what: 'exchange',
        a: one && asked(one.request),
        b: other && asked(other.request),
      })
    }
  }
  return { differences, times }
}

const asked = ({ method, target }: RequestHead): string => `${method} ${target}`

function differencesOf(a: Exchange, b: Exchange): readonly Difference[] {
  const found = (
    what: Difference['what'],
    one: string | undefined,
    other: string | undefined,
  ): readonly Difference[] => (one === other ? [] : [{ exchange: a.number, what, a: one, b: other }])
  return [
    ...found('request', asked(a.request), asked(b.request)),
    ...found('status', statusOf(a.response), statusOf(b.response)),
    ...fieldNames(a.response, b.response).flatMap((name) =>
      found('field', fieldOf(a.response, name), fieldOf(b.response, name)),
    ),
    ...eventsOf(a, b),
    ...found('end', a.end.kind, b.end.kind),
    ...diagnosesOf(a, b),
  ]
}

const statusOf = (head: ResponseHead | undefined): string | undefined => head && `${head.status} ${head.reason}`

/** Fields that are never the same. */
const VOLATILE: ReadonlySet<string> = new Set(['date'])

function fieldNames(...heads: readonly (ResponseHead | undefined)[]): readonly string[] {
  const names = heads.flatMap((head) => [...(head?.fields ?? [])].map(([name]) => name.toLowerCase()))
  return [...new Set(names)].filter((name) => !VOLATILE.has(name)).toSorted((a, b) => (a < b ? -1 : 1))
}

function fieldOf(head: ResponseHead | undefined, name: string): string | undefined {
  const values = head?.fields.all(name) ?? []
  return values.length === 0 ? undefined : `${name}: ${values.join(', ')}`
}

function eventsOf(a: Exchange, b: Exchange): readonly Difference[] {
  const { missing, added } = residencesOf(b, a)
  return [
    ...missing.map(
      ({ finding }): Difference => ({ exchange: a.number, what: 'event', a: finding.summary, b: undefined }),
    ),
    ...added.map(
      ({ finding }): Difference => ({ exchange: a.number, what: 'event', a: undefined, b: finding.summary }),
    ),
  ]
}

function diagnosesOf(a: Exchange, b: Exchange): readonly Difference[] {
  const [one, other] = [codesOf(a), codesOf(b)]
  return [
    ...[...one].filter((code) => !other.has(code)).map((code) => difference(a, code, undefined)),
    ...[...other].filter((code) => !one.has(code)).map((code) => difference(a, undefined, code)),
  ]
}

function difference({ number }: Exchange, a: string | undefined, b: string | undefined): Difference {
  return { exchange: number, what: 'diagnosis', a, b }
}

const codesOf = (exchange: Exchange): ReadonlySet<string> => new Set(diagnoseAll([exchange]).map(({ code }) => code))

function timesOf(a: Exchange, b: Exchange): readonly TimeDifference[] {
  const [one, other] = [timingsOf(a), timingsOf(b)]
  const names = ['firstByte', 'firstEvent', 'firstToken', 'total'] as const
  const gap = [one.gaps?.p50, other.gaps?.p50] as const
  const all = [...names.map((name) => [name, one[name], other[name]] as const), ['gap', ...gap] as const]
  return all.flatMap(([name, first, second]) =>
    first === undefined || second === undefined ? [] : [{ exchange: a.number, name, a: first, b: second }],
  )
}
