import { DEFAULT_LIMITS, type Limits } from '@sse-from-scratch/http-raw'
import { errorOf, startOf } from './broken.ts'
import { createFeed } from './feed.ts'
import { createHeadGrammar, REQUEST_LINE, STATUS_LINE } from './head-grammar.ts'
import type { Head } from './heads.ts'
import { createMessage, type Message, type MessageContext } from './message.ts'
import { type ContentNamer, type Find, type Name, type Put, TUNNEL, UNREADABLE } from './name.ts'
import { createOpening, OPENING_SIZE } from './opening.ts'
import type { Place } from './ranges.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import { runOf } from './runs.ts'
import type { ByteRange } from './span.ts'

/** Behind every chunk: a view of its own each time would be most of what that costs. */
const CRLF = Uint8Array.of(0x0d, 0x0a)

/** One direction of a connection. */
export interface Side {
  /** Takes the next bytes and says what they are. */
  push(bytes: Uint8Array): void
  /** The direction has ended. */
  end(): void
}

/** Who is told about a direction. */
export interface SideListener extends Omit<MessageContext, 'createContent' | 'find'> {
  createContent(head: Head, range: ByteRange, put: Put, find: Find): ContentNamer
  readonly put: Put
  /** The findings so far may be heard: their bytes have been named. */
  report(): void
  /** The message that began last is whole. */
  complete(): void
  /** Another message begins: who hears what is found in it. */
  begin(): Find
}

/**
 * Feeds the ordinary decoders. What a decoder says it is about to read names the bytes, and what pops out behind them is
 * what they completed.
 *
 * It feeds runs of which only the last byte can change anything: a line of a head with its LF, what is there of a chunk's
 * data; elsewhere one byte. So nothing is different when it all comes byte by byte.
 */
export function createSide(listener: SideListener, place: Place): Side {
  const { conversation, report, complete } = listener
  const foreignAt = createOpening()
  const limits: Limits = { ...DEFAULT_LIMITS, ...listener.limits }
  const heads = createHeadGrammar(listener.direction === 'up' ? REQUEST_LINE : STATUS_LINE)
  const nextMessage = messagesOf(listener, place, (name, size) => put(name, size))
  let offset = 0 // of the next byte to be named
  let message: Message | undefined
  let failed = false

  const put: Put = (name, size) => {
    offset += size
    listener.put(name, size)
  }

  function fail(refusal: Refusal, at: number, state: string = '', from: number = startOf(message, state)): void {
    failed = true
    message?.find(errorOf(refusal, `byte ${at}`, state, [from, at + 1]))
  }

  const feed = createFeed({ heads, place, offset: () => offset, put, fail, complete: endMessage })

  function endMessage({ content }: Message): void {
    content?.end()
    report()
    complete()
  }

  function isForeign(byte: number): boolean {
    const foreign = foreignAt(byte, offset)
    if (foreign) fail(foreign, offset)
    conversation.foreign ||= foreign !== undefined
    return foreign !== undefined
  }

  /** What bytes are that no decoder gets. */
  function nameUnheard(byte: number): Name | undefined {
    if (failed || conversation.foreign) return UNREADABLE
    if (message === undefined || message.isOver) {
      if (conversation.tunnel) return TUNNEL
      message = nextMessage(offset)
    }
    return offset < OPENING_SIZE && isForeign(byte) ? UNREADABLE : undefined
  }

  /** Names the bytes up to where something may change. */
  function takeRun(bytes: Uint8Array, at: number): void {
    const unheard = nameUnheard(bytes[at] as number)
    if (unheard || !message) {
      put(unheard ?? UNREADABLE, bytes.length - at)
      return
    }
    const { state } = message
    const size = runOf(bytes, at, offset, message, limits)
    const run = state === 'chunk-data-cr' && size === 2 ? CRLF : bytes.subarray(at, at + size)
    feed(run, state, message)
  }

  return {
    push(bytes) {
      const from = offset
      while (offset - from < bytes.length) takeRun(bytes, offset - from)
    },
    end() {
      if (failed || message === undefined) return
      const { state } = message
      try {
        message.end()
        if (message.isOver) endMessage(message)
      } catch (error) {
        message?.find(
          errorOf(refusalOf(error), `the stream ends at byte ${offset}`, state, [startOf(message, state), offset]),
        )
        message.content?.end()
      }
    },
  }
}

function messagesOf(listener: SideListener, place: Place, put: Put): (offset: number) => Message {
  return (offset) => {
    place.body = 0
    const find = listener.begin()
    const createContent = (head: Head, range: ByteRange) => listener.createContent(head, range, put, find)
    const context: MessageContext = { ...listener, find, createContent }
    return createMessage(context, offset)
  }
}
