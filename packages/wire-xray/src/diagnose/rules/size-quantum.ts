import { type Delivery, PAUSE } from '../deliveries.ts'
import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_BUFFER, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { delivered, middleOf } from '../seen.ts'

/** Sizes of buffers that programs have, in bytes. */
const BUFFERS = [65_536, 32_768, 16_384, 8192, 4096]
/** Framing around what a buffer held. */
const NEARLY = 0.015
/** Bytes by which a head that a hop has written anew differs from the one in its buffer. */
const HEADS = 200
/** Buffers that may have been full at once. */
const MOST_AT_ONCE = 4
/** Of the deliveries between the first and the last one. */
const MOST_OF_THEM = 0.6
/** Events that have to have been torn: a buffer does not look where one ends. */
const TORN = 2

/** The buffer whose size the deliveries have, and those that have it. */
export function quantumIn({
  deliveries,
  events,
  isCompressed,
}: Look): { size: number; full: readonly Delivery[] } | undefined {
  const whole = deliveries.slice(0, -1).filter(({ events }) => events > 0) // the last one is what was left
  if (whole.length < 2 || isCompressed) return undefined
  if (middleOf(whole.map((delivery) => delivery.events)) < 2) return undefined
  if (events.filter(({ at, began }) => at - began >= PAUSE).length < TORN) return undefined
  const [best] = BUFFERS.map((size) => ({ size, full: whole.filter((each) => isFilled(each, size)) })).toSorted(
    (a, b) => b.full.length - a.full.length, // what fills several small ones fills a large one
  )
  return best && best.full.length >= Math.max(2, (whole.length - 1) * MOST_OF_THEM) ? best : undefined
}

function isFilled({ size, first }: Delivery, buffer: number): boolean {
  const times = Math.max(1, Math.round(size / buffer))
  const nearly = buffer * NEARLY + (first.range[0] === 0 ? HEADS : 0)
  return times <= MOST_AT_ONCE && Math.abs(size - times * buffer) <= nearly
}

/** Events come whenever a buffer of some round size is full, wherever that cuts them. */
export function sizeQuantum(look: Look): Verdict | undefined {
  const quantum = quantumIn(look)
  if (!quantum) return undefined
  const { size, full } = quantum
  return {
    code: 'SIZE_QUANTUM',
    severity: 'error',
    confidence: 'likely',
    text: `events come in pieces of ${size} bytes, cut wherever that is, ${full.length} times: a buffer of that size is passed on only when it is full`,
    fix: fixFor('Let the hop pass on what it gets.', DO_NOT_BUFFER, look.hop),
    evidence: full.slice(0, 4).map(delivered),
  }
}
