import type { Delivery } from '../deliveries.ts'
import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_CORK, fixFor } from '../fixes.ts'
import type { Hop } from '../hop-of.ts'
import type { Look } from '../look.ts'
import { delivered, middleOf, ms, seen } from '../seen.ts'
import { quantumIn } from './size-quantum.ts'

/** Milliseconds for which Linux holds a socket that is corked, less what a timer may be early, and with what it is late. */
export const CORKED = [190, 235] as const

/** What came together, and how long after what came before. */
interface Clumps {
  readonly pauses: readonly number[]
  /** Events in half of them, or more. */
  readonly size: number
}

/**
 * A socket that is written to with MSG_MORE is held for 200 ms: events arrive in clumps, and the cork goes in with the next
 * event. A server that sends some events every 200 ms looks the same, but for a head as late. If its head is, too: its timer goes
 * on while there is no event, and does not wait for the next one; and it is no HAProxy if its chunk-sizes have small letters.
 */
export function timeQuantum(look: Look): Verdict | undefined {
  const { deliveries, head, hop, after } = look
  const clumps = clumpsIn(look)
  if (!clumps || !head) return undefined
  const untilNext = middleOf(clumps.pauses) / clumps.size // the cork is as long as it is behind the event that puts it in
  const isCorked = (time: number): boolean => time >= CORKED[0] && time <= CORKED[1] + 1.2 * untilNext
  if (clumps.pauses.filter(isCorked).length <= clumps.pauses.length / 2) return undefined
  const isLate = after(head.at) >= CORKED[0] && (hop.isUpperCase || after(head.at) <= CORKED[1])
  const isWaiting = middleOf(clumps.pauses) - HELD > untilNext * A_TENTH || isAlone(look)
  const isCork = isLate && (hop.isUpperCase || isWaiting)
  const isSure = hop.isUpperCase || (isAlone(look) && !hop.isLowerCase)
  const isThere = hop.product !== undefined || hop.hasSmallNames
  return {
    code: 'TIME_QUANTUM_200MS',
    ...(!isCork ? NO_FAULT : isSure ? SURE : isThere ? UNSURE : NO_FAULT),
    text: `events come in clumps of ${clumps.size} every ${ms(middleOf(clumps.pauses))}, the head after ${ms(after(head.at))}: ${isCork ? whose(hop, isSure) : ANYBODY}`,
    fix: fixFor('Look for MSG_MORE or TCP_CORK in whatever writes to this socket.', DO_NOT_CORK, hop),
    evidence: deliveries.slice(0, 4).map(delivered),
  }
}

const SURE = { severity: 'error', confidence: 'likely' } as const
const UNSURE = { severity: 'warn', confidence: 'hint' } as const
const NO_FAULT = { severity: 'info', confidence: 'hint' } as const

/** Milliseconds that the kernel holds. */
const HELD = 200
const A_TENTH = 0.1

/** Small chunks that come together; a hop in front may have made one chunk of them. Full buffers are something else. */
function clumpsIn(look: Look): Clumps | undefined {
  const { deliveries, hop } = look
  const least = hop.product !== undefined && !hop.isUpperCase ? 1 : 2
  const clumps = deliveries.filter(({ events, chunks }) => events >= 2 && chunks >= least)
  const pauses = deliveries.slice(1).map(({ from }, n) => from - (deliveries[n] as Delivery).from)
  if (pauses.length < 3 || clumps.length <= deliveries.length / 2 || quantumIn(look)) return undefined
  return { pauses, size: middleOf(clumps.map(({ events }) => events)) }
}

/** No content came with the head. */
export function isAlone({ head, deliveries: [first] }: Look): boolean {
  return head !== undefined && first !== undefined && first.events === 0 && first.chunks === 0
}

const ANYBODY = 'a corked socket, or a server with a timer'

function whose({ product }: Hop, isSure: boolean): string {
  if (product === 'HAProxy') return 'a corked socket of HAProxy'
  if (product !== undefined)
    return `a corked socket, as HAProxy's is, beside ${product}${isSure ? '' : '; or a server with a timer'}`
  return isSure ? 'a corked socket' : ANYBODY
}

/** Events between which there is time enough for the cork of each to end: no clumps show it, and each is late. */
export function corkedAlone(look: Look): Verdict | undefined {
  const { deliveries, head, hop, after, isStream } = look
  if (!head || !isStream || timeQuantum(look) || hop.isLowerCase || !(hop.isUpperCase || hop.hasSmallNames))
    return undefined
  const headAt = after(head.at)
  if (!isAlone(look) || headAt < CORKED[0] || headAt > CORKED[1]) return undefined
  const starts = deliveries.map(({ from }) => from)
  const pauses = starts.slice(1, -1).map((from, n) => from - (starts[n] as number)) // the end of a body takes the cork out
  if (pauses.length < LEAST_PAUSES || pauses.some((pause) => pause < CORKED[0])) return undefined
  return {
    code: 'TIME_QUANTUM_200MS',
    ...UNSURE,
    text: `the head came alone, ${ms(headAt)} after the request, and nothing sooner than ${ms(CORKED[0])} behind what was before it: as from a socket that HAProxy corks, where each event is 200 ms late; or a server that took so long for its head`,
    fix: fixFor(
      'Ask the server without the hop, or put a tap on both of its sides, to see how late each event is.',
      DO_NOT_CORK,
      hop,
    ),
    evidence: [seen(head), ...deliveries.slice(1, 3).map(delivered)],
  }
}

/** Fewer of them say nothing. */
const LEAST_PAUSES = 2
