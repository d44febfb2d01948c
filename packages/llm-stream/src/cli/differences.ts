import { objectOf, parseJson, textOf } from '../json.ts'
import type { Outcome } from '../outcome.ts'
import { createSanitizer } from '../terminal/sanitize.ts'
import { textOfWire, type Wire } from './wire.ts'
import { bodyOf, field, first, lastWord, NONE, names, numbers, pathOfKind, stopPath, value } from './wire-facts.ts'

/** One side of a comparison. */
export interface Side {
  readonly name: string
  readonly wire: Wire
  readonly outcome: Outcome
}

/** A question, and how the bytes of each side answer it. */
export interface Difference {
  readonly what: string
  readonly answers: readonly string[]
}

const QUESTIONS: readonly (readonly [what: string, answer: (side: Side) => string])[] = [
  [
    'asked',
    ({ wire }) =>
      textOfWire(wire, 'up')
        .split('\r\n', 1)[0]
        ?.replace(/ HTTP\/.*/, '') ?? NONE,
  ],
  ['the key is in', ({ wire }) => field(wire, 'up', /^(authorization|x-api-key|x-goog-api-key|api-key)$/i)],
  ['the version is in', ({ wire }) => field(wire, 'up', /version$/i)],
  ['asks with', ({ wire }) => Object.keys(bodyOf(wire)).join(', ') || NONE],
  ['answers as', ({ wire }) => value(wire, 'down', /^content-type$/i)],
  ['framed by', ({ wire }) => field(wire, 'down', /^(transfer-encoding|content-length)$/i)],
  ['events', ({ wire }) => `${wire.events.length}`],
  ['event: lines', ({ wire }) => names(wire, ({ type }) => (type === 'message' ? undefined : type))],
  ['type in the JSON', ({ wire }) => names(wire, ({ data }) => textOf(objectOf(parseJson(data))['type']) || undefined)],
  ['text is in', ({ wire }) => first(wire, (event) => pathOfKind(event, 'text'))],
  ['thoughts are in', ({ wire }) => first(wire, (event) => pathOfKind(event, 'reasoning'))],
  ['the stop reason is in', ({ wire }) => first(wire, stopPath)],
  ['and says', ({ outcome }) => outcome.rawStopReason ?? NONE],
  ['for us', ({ outcome }) => outcome.stopReason ?? NONE],
  ['usage is in', ({ wire }) => numbers(wire, ({ events }) => events.some(({ kind }) => kind === 'usage'))],
  ['output tokens', ({ outcome }) => `${outcome.usage?.outputTokens ?? NONE}`],
  ['ends with', ({ wire }) => lastWord(wire)],
  ['body', ({ outcome }) => `${outcome.metrics.bytes} bytes`],
  ['that is not text', ({ outcome: { metrics } }) => percent(metrics.overheadBytes / metrics.bytes)],
  ['first token', ({ outcome }) => milliseconds(outcome.metrics.firstToken)],
  ['between tokens', ({ outcome }) => milliseconds(outcome.metrics.interTokenP50)],
  ['tokens/s', ({ outcome }) => outcome.metrics.tokensPerSecond?.toFixed(0) ?? NONE],
  ['burst', ({ outcome }) => percent(outcome.metrics.burstFactor ?? Number.NaN)],
  ['went', ({ outcome }) => outcome.error?.code ?? 'complete'],
]

/** How the two sides differ, and in what they are alike; what neither has is left out. */
export function differences(sides: readonly Side[]): readonly Difference[] {
  return QUESTIONS.map(([what, answer]) => ({ what, answers: sides.map((side) => shown(answer(side))) })).filter(
    ({ answers }) => answers.some((text) => text !== NONE),
  )
}

/** Characters of one answer; names are a peer's, who may have many. */
const LONGEST = 1000

/** As harmless as any text of a model. */
function shown(answer: string): string {
  const short = answer.length > LONGEST ? `${answer.slice(0, LONGEST)} …` : answer
  return createSanitizer()(short)
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : NONE
}

function milliseconds(time: number | undefined): string {
  return time === undefined ? NONE : `${Math.round(time)} ms`
}
