import { isDeepStrictEqual } from 'node:util'
import { asBytes, asText } from './bytes.ts'
import { Failure, failureText } from './failure.ts'
import { type Mistake, whyOf } from './mistake.ts'
import { Todo } from './todo.ts'
import { showValue } from './value.ts'

/** A sample, what becomes of it, and what goes wrong often. */
export interface Cuts<Got> {
  readonly sample: string | Uint8Array
  /** Feeds the reads to what is being tested, and says what came out. What it throws counts as `{ threw: message }`. */
  readonly run: (reads: readonly Uint8Array[]) => Got
  readonly expected: Got
  readonly mistakes?: readonly Mistake<Got>[]
}

interface Cut {
  readonly name: string
  readonly reads: readonly Uint8Array[]
}

/**
 * Runs a sample whole, cut in two at every byte, and byte by byte: TCP may deliver it in any of these ways.
 *
 * @throws Failure that names the first cut that went wrong, and for how many it was right
 * @throws Todo when the code was not begun
 */
export function everyCut<Got>({ sample, run, expected, mistakes = [] }: Cuts<Got>): void {
  const cuts = cutsOf(asBytes(sample))
  const results = cuts.map((cut) => ({ cut, got: resultOf(run, cut.reads) }))
  const wrong = results.filter(({ got }) => !isDeepStrictEqual(got, expected))
  const [first] = wrong
  if (first === undefined) return
  const sentence = first.cut.name
  const tally = `right for ${cuts.length - wrong.length} of ${cuts.length} cuts`
  const values = ` expected  ${showValue(expected)}\n got       ${showValue(first.got)}\n ${tally}`
  throw new Failure(failureText(sentence, values, whyOf(mistakes, first.got as Got)))
}

function resultOf<Got>(run: (reads: readonly Uint8Array[]) => Got, reads: readonly Uint8Array[]): unknown {
  try {
    return run(reads.map((read) => Uint8Array.from(read))) // copies: what is kept must not change under its keeper
  } catch (error) {
    if (error instanceof Todo) throw error
    return { threw: error instanceof Error ? error.message : error }
  }
}

function cutsOf(bytes: Uint8Array): Cut[] {
  const inTwo = Array.from(bytes.subarray(1), (_, index) => {
    const at = index + 1
    const [left, right] = [bytes.subarray(0, at), bytes.subarray(at)]
    return { name: `cut after byte ${at}: ${tail(left)} | ${start(right)}`, reads: [left, right] }
  })
  const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
  return [{ name: 'not cut at all', reads: [bytes] }, ...inTwo, { name: 'one byte at a time', reads: single }]
}

function tail(bytes: Uint8Array): string {
  return JSON.stringify(asText(bytes.subarray(-6)))
}

function start(bytes: Uint8Array): string {
  return JSON.stringify(asText(bytes.subarray(0, 6)))
}
