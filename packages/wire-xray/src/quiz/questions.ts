import { type Diagnosis, diagnose, diagnosisLines } from '../diagnose/index.ts'
import { printable } from '../printable.ts'
import type { Exchange } from '../timeline/exchange.ts'
import { eventsOf, timingsOf } from '../timeline/timings.ts'
import { HEALTHY, SYMPTOMS } from './symptoms.ts'

/** Something to predict about an exchange, before it is said. */
export interface Question {
  readonly recording: string
  /** What one may look at before one answers. */
  readonly shown: readonly string[]
  readonly question: string
  readonly options: readonly string[]
  /** Which of the options is right, counted from 0. */
  readonly right: number
  /** Why: what was on the wire. */
  readonly evidence: readonly string[]
}

/** The questions about one recorded exchange: the same ones on every machine. Of an answer that never came there are none. */
export function questionsOf(recording: string, exchange: Exchange, columns: number): readonly Question[] {
  const { method, target } = exchange.request
  const { response } = exchange
  if (!response) return []
  const asked = `${method} ${printable(target, 60)}: ${response.status} ${printable(response.fields.get('content-type') ?? 'without a Content-Type', 60)}`
  const timing = howManySoFar(exchange)
  const wrong = whatIsWrong(exchange, columns)
  return [...(timing ? [timing] : []), wrong].map(({ shown, ...question }) => ({
    ...question,
    recording,
    shown: [asked, ...shown],
  }))
}

type Asked = Omit<Question, 'recording'>

/** How many events has the reader had in the middle of it? */
function howManySoFar(exchange: Exchange): Asked | undefined {
  const events = eventsOf(exchange).map(({ at }) => at - exchange.askedAt)
  const end = (exchange.end.at ?? exchange.askedAt) - exchange.askedAt
  const half = Math.round(end / 2)
  const seen = events.filter((at) => at <= half).length
  const options = inOrder([...new Set([0, seen, Math.round(events.length / 2), events.length])].map(String))
  if (events.length < 4 || half < 1) return undefined
  const lines = burstLines(exchange)
  return {
    shown: [`${events.length} events, ${Math.round(end)} ms from the request to the end.`],
    question: `How many of them has the reader after ${half} ms?`,
    options,
    right: options.indexOf(`${seen}`),
    evidence: lines,
  }
}

function inOrder(numbers: readonly string[]): readonly string[] {
  return numbers.toSorted((a, b) => Number(a) - Number(b))
}

/** Bursts that are listed; the rest is counted. */
const LISTED = 6

function burstLines(exchange: Exchange): readonly string[] {
  const { bursts } = timingsOf(exchange)
  const lines = bursts
    .slice(0, LISTED)
    .map(({ at, size }) => `at ${Math.round(at - exchange.askedAt)} ms: ${size} ${size === 1 ? 'event' : 'events'}`)
  const more = bursts.length - lines.length
  return more > 0 ? [...lines, `and ${more} more such times`] : lines
}

const OPTIONS = 4

function whatIsWrong(exchange: Exchange, columns: number): Asked {
  const found = diagnose(exchange).filter(({ severity }) => severity !== 'info')
  const known = found.find(({ code }) => SYMPTOMS[code] !== undefined)
  const answer = (known && SYMPTOMS[known.code]) ?? HEALTHY
  const taken = new Set(found.map(({ code }) => SYMPTOMS[code]))
  const others = [HEALTHY, ...Object.values(SYMPTOMS)].filter((text) => text !== answer && !taken.has(text))
  const start = hash(`${exchange.request.target} ${answer} ${exchange.items.length}`)
  const chosen = Array.from({ length: OPTIONS - 1 }, (_, n) => others[(start + n * 5) % others.length] as string)
  const options = [...new Set(chosen)].toSpliced(start % OPTIONS, 0, answer)
  const { end } = exchange
  return {
    shown: [...burstLines(exchange), `the end: ${end.kind}`],
    question: 'What is wrong with it?',
    options,
    right: options.indexOf(answer),
    evidence: known ? evidenceOf(known, exchange, columns) : ['The rules of the x-ray find nothing.'],
  }
}

function evidenceOf(known: Diagnosis, { askedAt }: Exchange, columns: number): readonly string[] {
  return diagnosisLines(known, askedAt, columns)
}

/** A small number that is the same everywhere for the same text. */
function hash(text: string): number {
  let sum = 0
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) as number)) % 9973
  return sum
}
