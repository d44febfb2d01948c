import { isFraming } from './chunks.ts'
import { MAX_UNANSWERED } from './conversation.ts'
import type { HeadGrammar } from './head-grammar.ts'
import type { Message } from './message.ts'
import { MESSAGE_BODY, type Put, UNREADABLE } from './name.ts'
import type { Place } from './ranges.ts'
import { type Refusal, refusalOf } from './refusal.ts'

const TOO_MANY_UNANSWERED: Refusal = {
  code: 'XRAY_TOO_MANY_UNANSWERED',
  summary: `more than ${MAX_UNANSWERED} requests wait for an answer`,
}

/** What it takes to give runs of bytes to a message. */
export interface FeedContext {
  readonly heads: HeadGrammar
  readonly place: Place
  /** Offset of the next byte to be named. */
  offset(): number
  put: Put
  /** Nobody can read any further: why, at which byte, in which state, and where it began. */
  fail(refusal: Refusal, at: number, state: string, from?: number): void
  /** The message is whole. */
  complete(message: Message): void
}

/** Gives a message its next run, in state `before`, and names it. */
export type Feed = (run: Uint8Array, before: string, message: Message) => void

/** Feeds runs of which only the last byte can change anything: so a run of data, and any other, is named in its own way. */
export function createFeed({ heads, place, offset, put, fail, complete }: FeedContext): Feed {
  /** A run of a head, a trailer section or framing. All of it but its last byte is named before the decoder has it. */
  function feedLine(run: Uint8Array, before: string, of: Message): void {
    const last = offset() + run.length - 1
    if (isFraming(before)) of.chunks.takeFirst(run, before, put)
    else heads.take(run, 0, run.length - 1, put)
    try {
      of.push(run, last)
    } catch (error) {
      fail(refusalOf(error), last, before)
      put(UNREADABLE, 1)
      return
    }
    if (of.tooMany !== undefined) fail(TOO_MANY_UNANSWERED, last, '', of.tooMany)
    const name = isFraming(before)
      ? of.chunks.name(run, before, of.state, last)
      : heads.name(run[run.length - 1] as number)
    put(name, 1)
    if (of.isOver) complete(of)
  }

  /** A run of content, which is refused only where a body may have no more. */
  function feedData(run: Uint8Array, before: string, of: Message): void {
    let refused: { readonly error: unknown } | undefined
    try {
      of.push(run, offset() + run.length - 1)
    } catch (error) {
      refused = { error }
    }
    const { data } = of
    if (data) feedContent(data, before === 'chunk-data' ? of.chunks.no : -1, of)
    if (refused) {
      fail(refusalOf(refused.error), offset(), before)
      put(UNREADABLE, run.length - (data?.length ?? 0))
    } else if (of.isOver) complete(of)
  }

  function feedContent(data: Uint8Array, chunk: number, { content }: Message): void {
    const { body } = place
    place.offset = offset()
    place.chunk = chunk
    if (content) content.push(data)
    else put(MESSAGE_BODY, data.length)
    place.body = body + data.length
  }

  return (run, before, message) => {
    if (before === 'message-body' || before === 'chunk-data') feedData(run, before, message)
    else feedLine(run, before, message)
  }
}
