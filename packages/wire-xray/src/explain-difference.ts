import { CHARACTERS } from './difference/characters.ts'
import { CHUNKS } from './difference/chunks.ts'
import { consequenceOf } from './difference/consequence.ts'
import {
  type Difference,
  type DifferenceSubject,
  differenceOf,
  type Explanation,
  subjectOf,
} from './difference/difference.ts'
import { EVENTS } from './difference/events.ts'
import { FIELDS } from './difference/fields.ts'
import { JSONS } from './difference/json.ts'
import { BODIES } from './difference/lengths.ts'
import { LINE_ENDS } from './difference/line-ends.ts'
import { sideBySide } from './difference/side-by-side.ts'
import { START_LINES } from './difference/start-lines.ts'
import { TEXTS } from './difference/texts.ts'
import { wrap } from './format.ts'

export type { DifferenceSubject } from './difference/difference.ts'

/** How a difference is explained. */
export interface ExplainDifferenceOptions {
  /** What the bytes are meant to be. Default: what those that were expected begin like. */
  readonly as?: DifferenceSubject
  /** The width to stay within, at least 40. Default 80. */
  readonly columns?: number
  /** Show credentials (Authorization, cookies, API keys) instead of stars. Default false. */
  readonly showSecrets?: boolean
}

const MIN_COLUMNS = 40

/** The first that knows something has the word. */
const EXPLANATIONS: readonly Explanation[] = [
  ...CHARACTERS,
  ...LINE_ENDS,
  ...EVENTS.map(ofBytesOnTheWire),
  ...CHUNKS,
  ...START_LINES,
  ...FIELDS,
  ...BODIES,
  ...JSONS,
  ...TEXTS,
]

/** JSON and text by themselves have no lines of an event stream, though they look alike. */
function ofBytesOnTheWire(explain: Explanation): Explanation {
  return (difference) => (difference.as === 'json' || difference.as === 'text' ? undefined : explain(difference))
}

/**
 * Where bytes first differ from those that were expected: the grammar element and offset, both rows of the dump above each
 * other, what the writer may have had in mind, and what a receiver makes of it. At most 25 lines at 80 columns.
 *
 * For the message of a failing test: `expect(got, explainDifference(expected, got)).toEqual(expected)`.
 *
 * @throws RangeError when `columns` is below 40
 */
export function explainDifference(
  expected: Uint8Array,
  got: Uint8Array,
  options: ExplainDifferenceOptions = {},
): string {
  const { as = subjectOf(expected), columns = 80, showSecrets = false } = options
  if (!(columns >= MIN_COLUMNS)) throw new RangeError(`columns must be at least ${MIN_COLUMNS}, not ${columns}`)
  const width = Math.floor(columns)
  const difference = differenceOf(expected, got, as, showSecrets)
  if (difference === undefined) return `no difference: the same ${counted(expected.length)}`
  return [
    ...wrap(titleOf(difference), width),
    '',
    ...sideBySide(difference, width),
    '',
    ...explanationsOf(difference).flatMap((text) => wrap(text, width)),
  ].join('\n')
}

function explanationsOf(difference: Difference): string[] {
  let why: string | undefined
  for (const explain of EXPLANATIONS) why ??= explain(difference)
  const consequence = consequenceOf(difference)
  return [why, consequence].filter((text) => text !== undefined)
}

function titleOf({ at, wanted, missing, instead, expected, as }: Difference): string {
  if (missing === '') return `✗ ${counted(instead.length)} more than expected, behind byte ${at}`
  const part = wanted === undefined ? '' : `, ${nameOf(wanted.layer, wanted.element, as)}`
  return `✗ byte ${at} of ${expected.bytes.length}${part}: - expected, + got`
}

function nameOf(layer: string, element: string, as: DifferenceSubject): string {
  if (as === 'text') return element
  if (as === 'json') return 'JSON'
  return as === 'chunked-body' && element === 'message-body' ? 'chunk-data' : `${element} (${layer})`
}

function counted(size: number): string {
  return size === 1 ? '1 byte' : `${size} bytes`
}
