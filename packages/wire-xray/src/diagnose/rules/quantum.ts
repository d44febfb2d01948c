import type { Delivery } from '../deliveries.ts'
import { PAUSE } from '../deliveries.ts'
import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_BUFFER, DO_NOT_CORK, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { delivered, middleOf, ms, seenFew } from '../seen.ts'

/** Sizes of buffers that programs have, in bytes. */
const BUFFERS = [4096, 8192, 16_384, 32_768, 65_536]
/** Framing around what a buffer held. */
const NEARLY = 0.015
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
  if (whole.length < 3 || isCompressed) return undefined
  if (middleOf(whole.map((delivery) => delivery.events)) < 2) return undefined
  if (events.filter(({ at, began }) => at - began >= PAUSE).length < TORN) return undefined
  for (const size of BUFFERS) {
    const full = whole.filter((delivery) => isFilled(delivery.size, size))
    if (full.length >= 2 && full.length >= (whole.length - 1) * MOST_OF_THEM) return { size, full }
  }
  return undefined
}

function isFilled(bytes: number, buffer: number): boolean {
  const times = Math.max(1, Math.round(bytes / buffer))
  return times <= MOST_AT_ONCE && Math.abs(bytes - times * buffer) <= buffer * NEARLY
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

/** Milliseconds for which Linux holds a socket that is corked, less what a timer may be early, and with what it is late. */
const CORKED = [190, 235] as const

/**
 * A socket that is written to with MSG_MORE is held for 200 ms: small chunks, each of its own event, arrive in clumps, and the
 * cork goes in with the next event. A server that sends some events every 200 ms looks the same, but for a head as late;
 * if its head is, too, for small letters in its chunk-sizes.
 */
export function timeQuantum(look: Look): Verdict | undefined {
  const { deliveries, head, hop, after } = look
  const clumps = deliveries.filter(({ events, chunks }) => events >= 2 && chunks >= 2)
  const pauses = deliveries.slice(1).map(({ from }, n) => from - (deliveries[n] as Delivery).from)
  if (pauses.length < 3 || clumps.length <= deliveries.length / 2 || quantumIn(look)) return undefined
  const isHaproxy = hop.product === 'HAProxy'
  const size = middleOf(clumps.map(({ events }) => events))
  const untilNext = isHaproxy ? (1.2 * middleOf(pauses)) / size : 0
  const isCorked = (time: number): boolean => time >= CORKED[0] && time <= CORKED[1] + untilNext
  if (pauses.filter(isCorked).length <= pauses.length / 2) return undefined
  const isLate = head !== undefined && (isHaproxy ? after(head.at) >= CORKED[0] : isCorked(after(head.at)))
  const isHeadHeld = isLate && !hop.isLowerCase
  const who = isHeadHeld
    ? `: a corked socket${isHaproxy ? ' of HAProxy' : ''}`
    : ': a corked socket, or a server with a timer'
  return {
    code: 'TIME_QUANTUM_200MS',
    severity: isHeadHeld ? 'error' : 'info',
    confidence: isHeadHeld ? 'likely' : 'hint',
    text: `small chunks come in clumps of ${size} events every ${ms(middleOf(pauses))}, the head after ${ms(after(head?.at ?? 0))}${who}`,
    fix: fixFor('Look for MSG_MORE or TCP_CORK in whatever writes to this socket.', DO_NOT_CORK, hop),
    evidence: deliveries.slice(0, 4).map(delivered),
  }
}

/** Nagle's algorithm and a delayed acknowledgement wait for each other about 40 ms (RFC 9293 §3.7.4, RFC 1122 §4.2.3.2). */
const DELAYED_ACK = [30, 60] as const
/** Bytes of an event that fit into any window: larger ones take their time for other reasons. */
const SMALL = 16 * 1024
const LEAST_SPLIT = 3

/** Events of which one part comes, and the rest about 40 ms later. */
export function splitEvent({ events, isCompressed, exchange }: Look): Verdict | undefined {
  if (isCompressed) return undefined
  const split = events.filter(({ at, began, finding, reads }) => {
    const size = (finding.bytes.at(-1)?.[1] ?? 0) - (finding.bytes[0]?.[0] ?? 0)
    return at - began >= DELAYED_ACK[0] && at - began <= DELAYED_ACK[1] && size < SMALL && reads[1] === reads[0] + 1
  })
  if (split.length < LEAST_SPLIT || split.length < events.length / 4) return undefined
  return {
    code: 'SPLIT_EVENT_40MS',
    severity: 'warn',
    confidence: 'likely',
    text: `${split.length} of ${exchange.counts.event ?? events.length} events came in two parts, about ${ms(middleOf(split.map(({ at, began }) => at - began)))} apart: Nagle's algorithm waits for a delayed acknowledgement`,
    fix: 'In the server: socket.setNoDelay(true), and one write for an event.',
    evidence: seenFew(split),
  }
}
