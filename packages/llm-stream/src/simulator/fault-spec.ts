import type { FailureName } from './failures.ts'

/** A point in an answer: its n-th event, counted from 1, or behind its n-th byte, the head included. */
export interface Place {
  readonly unit: 'event' | 'byte'
  readonly n: number
}

/** What an answer stops inside of, and how the connection ends there. */
export interface Cut {
  /** In a character of several bytes, in a string of the JSON, in the line of a chunk-size; absent: behind the event. */
  readonly inside?: 'utf8' | 'json' | 'chunk-size'
  /** `clean`: HTTP ends as it should (a last chunk), and only the answer is not all there. */
  readonly end: 'fin' | 'rst' | 'clean'
  readonly at: Place
}

/** Silence on a connection that stays open. */
export interface Stall {
  /** Milliseconds; Infinity for as long as the client waits. */
  readonly time: number
  readonly at: Place
}

/** How long to wait before the next try, in one of the ways in which services say it. */
export interface RetryAfter {
  /** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), or `retry-after-ms`. */
  readonly form: 'seconds' | 'date' | 'milliseconds'
  readonly milliseconds: number
}

/** What goes wrong with an answer. Everything that is absent goes right. All times are in milliseconds. */
export interface FaultSpec {
  /** An error in the place of an answer: a failure in the service's own words, or a bare status. */
  readonly status?: FailureName | number
  readonly retryAfter?: RetryAfter
  /** The value of `x-should-retry`. */
  readonly shouldRetry?: boolean
  /** A page of HTML with status 200, as captive portals send it. */
  readonly page?: boolean
  /** One JSON value although a stream was asked for. */
  readonly whole?: boolean

  /** Before the first byte of the answer. */
  readonly delay?: number
  /** Statuses of interim responses that nobody asked for (RFC 9110 §15.2). */
  readonly interim?: readonly number[]
  /** Another Content-Type. */
  readonly type?: string
  /** `close`: no length at all, FIN is the end (RFC 9112 §6.3 rule 8). `length`: a Content-Length. Default: chunked. */
  readonly framing?: 'close' | 'length'
  /** How far the Content-Length is from the truth. */
  readonly lengthOff?: number
  /** The stream is compressed, whether or not that was asked for; with `noflush` nothing comes before there is enough. */
  readonly gzip?: 'flush' | 'noflush'
  /** HTTP/1.0 in the status line, and with it no chunks. */
  readonly http10?: boolean

  /** An error inside a stream that began with 200, in the place of this event; nothing comes after it. */
  readonly error?: { readonly failure: FailureName; readonly at: Place }
  /** Behind this event only comments, one each `every` milliseconds. */
  readonly commentsOnly?: { readonly every: number; readonly at: Place }
  /** This event is left out. */
  readonly drop?: Place
  /** The model refuses. */
  readonly refuse?: boolean
  /** A content filter ends the answer. */
  readonly filter?: boolean
  /** The last mark of the stream is left out: `[DONE]`, `message_stop`, … */
  readonly noDone?: boolean
  /** The last event lacks its blank line. */
  readonly noBlankLine?: boolean
  /** Lines end in CR. */
  readonly cr?: boolean
  /** The stream begins with a byte order mark. */
  readonly bom?: boolean
  /** The body stays open for so long behind the last mark. */
  readonly linger?: number

  readonly cut?: Cut
  readonly stall?: Stall
  /** From here on nothing is sent, and nothing that the client does is noticed. */
  readonly halfOpen?: Place
  /** Most bytes of a write. */
  readonly split?: number
  /** Most bytes of a write of the head. */
  readonly splitHead?: number
  /** One byte at a time, and so long between two of them. */
  readonly drip?: number
  /** A chunk-size that is not hexadecimal, or data without the CRLF behind it. */
  readonly corrupt?: { readonly what: 'size' | 'crlf'; readonly at: Place }
  /** A chunk-size that is off by so many bytes. */
  readonly sizeOff?: { readonly by: number; readonly at: Place }
  /** The last chunk never comes: FIN in its place. */
  readonly noLastChunk?: boolean

  /** Only the first so many requests with these faults have them. Default: all. */
  readonly times?: number
}
