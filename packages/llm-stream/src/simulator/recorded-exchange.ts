import type { RecordedRead, Recording } from '../recording.ts'
import { isWhole, readRequest } from './recorded-message.ts'

/** One read of an answer, and when it came. */
export interface RecordedReply {
  /** Milliseconds after the request was whole. */
  readonly after: number
  readonly bytes: Uint8Array
}

/** One request of a recording and what came back. */
export interface RecordedExchange {
  /** Method and target; empty, if what went up was no HTTP. */
  readonly asked: string
  readonly replies: readonly RecordedReply[]
  /** `open`: the answer was whole, and the connection went on; `stall`: silence until the client left. */
  readonly end: { readonly kind: 'open' | 'fin' | 'rst' | 'stall'; readonly after: number }
}

/**
 * The exchanges of a recording, in the order in which they began.
 *
 * An answer that is not whole, and of which the recording does not say how it ended, ends with a RST: the file was cut, or
 * the client had left, and nobody knows what would have come.
 *
 * @throws TypeError when bytes are missing, or there is no answer in it at all
 */
export function exchangesIn({ entries }: Recording): readonly RecordedExchange[] {
  const found = [...byConnection(entries).values()].flatMap(exchangesOf).sort((a, b) => a.began - b.began)
  if (found.length > 0) return found.map(({ exchange }) => exchange)
  throw new TypeError('there is no answer in the recording')
}

function byConnection(entries: readonly RecordedRead[]): ReadonlyMap<number, readonly RecordedRead[]> {
  const connections = new Map<number, RecordedRead[]>()
  for (const entry of entries) {
    const known = connections.get(entry.connection)
    if (known) known.push(entry)
    else connections.set(entry.connection, [entry])
  }
  return connections
}

interface Found {
  readonly began: number
  readonly exchange: RecordedExchange
}

/** An exchange as it is being read. */
interface Draft {
  readonly began: number
  readonly request: ReturnType<typeof readRequest>
  askedAt: number
  readonly replies: RecordedReply[]
  end: RecordedExchange['end'] | undefined
}

function exchangesOf(entries: readonly RecordedRead[]): readonly Found[] {
  const drafts: Draft[] = []
  for (const entry of entries) {
    let draft = drafts.at(-1)
    if (entry.kind === 'bytes' && entry.direction === 'up') {
      if (!draft || draft.request.whole) {
        draft = newDraft(entry.at)
        drafts.push(draft)
      }
      draft.request.push(entry.bytes)
      draft.askedAt = entry.at
    } else if (draft) take(entry, draft)
  }
  return drafts.filter(({ replies, end }) => replies.length > 0 || end !== undefined).map(finished)
}

function newDraft(at: number): Draft {
  return { began: at, request: readRequest(), askedAt: at, replies: [], end: undefined }
}

function take(entry: RecordedRead, draft: Draft): void {
  const after = Math.max(entry.at - draft.askedAt, 0)
  if (entry.kind === 'gap' && entry.direction === 'down') {
    throw new TypeError(`${entry.size} bytes are missing in the recording: it cannot be replayed`)
  }
  if (entry.kind === 'bytes') draft.replies.push({ after, bytes: entry.bytes })
  else if (entry.kind === 'stall') draft.end ??= { kind: 'stall', after }
  else if (entry.kind === 'fin' && entry.direction === 'down') draft.end ??= { kind: 'fin', after }
  else if (entry.kind === 'reset' && entry.direction === 'down') draft.end ??= { kind: 'rst', after }
}

function finished({ began, request, replies, end }: Draft): Found {
  const after = replies.at(-1)?.after ?? 0
  const otherwise = { kind: isWhole(replies, request.method) ? 'open' : 'rst', after } as const
  return { began, exchange: { asked: request.asked, replies, end: end ?? otherwise } }
}
