import { objectOf, parseJson, textOf } from '../json.ts'
import type { Outcome } from '../outcome.ts'
import { createSanitizer } from '../terminal/sanitize.ts'
import { pathTo } from './json-path.ts'
import { textOfWire, type Wire, type WireEvent } from './wire.ts'

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

const NONE = '–'

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

/** The field lines of the last head that went this way. */
function fields(wire: Wire, direction: 'up' | 'down'): readonly (readonly [name: string, value: string])[] {
  const head = textOfWire(wire, direction).split('\r\n\r\n', 1)[0] ?? ''
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
}

function field(wire: Wire, direction: 'up' | 'down', name: RegExp): string {
  const found = fields(wire, direction).find((line) => name.test(line[0]))
  return found ? `${found[0]}: ${found[1].replace(/\*[* ]{3,}/, '****')}` : NONE
}

function value(wire: Wire, direction: 'up' | 'down', name: RegExp): string {
  return fields(wire, direction).find((line) => name.test(line[0]))?.[1] ?? NONE
}

function bodyOf(wire: Wire): Readonly<Record<string, unknown>> {
  const text = textOfWire(wire, 'up')
  return objectOf(parseJson(text.slice(text.indexOf('\r\n\r\n') + 4)))
}

function names(wire: Wire, nameOf: (event: WireEvent) => string | undefined): string {
  return [...new Set(wire.events.flatMap((event) => nameOf(event) ?? []))].join(', ') || NONE
}

/** What the first event answers that has an answer. */
function first(wire: Wire, answer: (event: WireEvent) => string | undefined): string {
  for (const event of wire.events) {
    const found = answer(event)
    if (found !== undefined) return found
  }
  return NONE
}

function pathOfKind({ data, events }: WireEvent, kind: 'text' | 'reasoning'): string | undefined {
  const event = events.find((each) => each.kind === kind)
  return event?.kind === kind ? pathTo(data, event.text) : undefined
}

function stopPath({ data, events }: WireEvent): string | undefined {
  const stop = events.find((event) => event.kind === 'stop')
  return stop?.kind === 'stop' ? pathTo(data, stop.raw) : undefined
}

function numbers(wire: Wire, holds: (event: WireEvent) => boolean): string {
  const found = wire.events.flatMap((event, i) => (holds(event) ? [i + 1] : []))
  if (found.length === 0) return NONE
  if (found.length > 3) return `${found.length} events of ${wire.events.length}`
  return `${found.length === 1 ? 'event' : 'events'} ${found.join(' and ')} of ${wire.events.length}`
}

/** The last event, as far as it can be said in a word. */
function lastWord({ events }: Wire): string {
  const last = events.at(-1)
  if (!last) return NONE
  const json = parseJson(last.data)
  if (json === undefined) return last.data.slice(0, 40)
  return textOf(objectOf(json)['type']) || 'the end of the body'
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : NONE
}

function milliseconds(time: number | undefined): string {
  return time === undefined ? NONE : `${Math.round(time)} ms`
}
