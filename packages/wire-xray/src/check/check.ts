import { type Probed, type ProbeOptions, probe } from '../probe/probe.ts'
import type { Checked } from './checked.ts'
import { flushed, notCompressed } from './coding.ts'
import { endsWell } from './ends-well.ts'
import { headAtOnce } from './head-at-once.ts'
import { isStream } from './is-stream.ts'
import { notKept } from './not-kept.ts'
import { oneByOne } from './one-by-one.ts'
import { heartbeats, survives } from './silence.ts'

export type { Checked } from './checked.ts'

/** How to ask, and for how long. */
export interface CheckOptions extends ProbeOptions {
  /** Milliseconds of a probe that waits for a cut. Default 0: none. */
  readonly idle?: number
}

/** Asks in several ways, one after the other, and yields each result as soon as it is there. Rejects as `probe` does. */
export async function* check(url: string | URL, options: CheckOptions = {}): AsyncGenerator<Checked, void> {
  const { idle = 0, time = 15_000, signal } = options
  const ask = (coding: string, how: number): Promise<Probed> => {
    const fields = [...fieldsOf(options), ['Accept-Encoding', coding] as const]
    return probe(url, { ...options, fields, time: how })
  }
  const plain = await ask('identity', Math.max(time, idle))
  yield isStream(plain)
  if (!isOk(plain)) return
  yield headAtOnce(plain)
  yield oneByOne(plain, time)
  yield notCompressed(plain)
  yield heartbeats(plain)
  if (idle > 0) yield survives(plain, idle)
  yield endsWell(plain)
  yield notKept(plain)
  if (!signal?.aborted) yield flushed(await ask('gzip', time), time)
}

function fieldsOf({ fields = [] }: CheckOptions): readonly (readonly [string, string])[] {
  const given = [...(Symbol.iterator in fields ? fields : Object.entries(fields))] as (readonly [string, string])[]
  return given.filter(([name]) => name.toLowerCase() !== 'accept-encoding')
}

const isOk = ({ exchange: { response } }: Probed): boolean => response !== undefined && response.status === 200
