/**
 * The header fields of your event stream. They must carry it through an nginx that was told nothing but `proxy_pass`.
 *
 * ```text
 * HTTP/1.1 200 OK \r\n
 * Content-Type: text/event-stream \r\n      what every event stream says (HTML §9.2.5)
 * Cache-Control: no-cache \r\n
 * …: … \r\n                                 and a word to nginx
 * ```
 */
export type StreamHeaders = () => Readonly<Record<string, string>>

/**
 * Directives for a `location` of nginx, behind its `proxy_pass`: each ends with a semicolon. They must carry any event stream,
 * whatever its server says or leaves out.
 *
 * ```text
 * location / {
 *   proxy_pass http://127.0.0.1:8080;
 *   your directives;
 * }
 * ```
 */
export type NginxConf = () => string

/**
 * Says from a measurement what holds a stream back.
 *
 * An event is late when the next one was sent before it was seen. One late event is an accident: a stream is held when more than
 * half of those that have a next one are late.
 *
 * ```text
 * sent       0 ──── 200 ──── 400 ──── 600 ──── 800
 * on time    1 ──── 201 ──── 402 ──── 603 ──── 803      'nothing'
 * held                                         804 ×5   at the end
 * held             202 ──── 401 ──── 602 ──── 803 804   each with the next one
 * ```
 */
export type WhatHolds = (seen: Measurement) => Cause

/** What came of a stream on its way from a server through a proxy to a client. Times are milliseconds since the request. */
export interface Measurement {
  /** When the server sent each event. */
  readonly sent: readonly number[]
  /** When the client had each event whole. As many as `sent`. */
  readonly seen: readonly number[]
  /** The version in the proxy's request to the server. */
  readonly asked: 'HTTP/1.0' | 'HTTP/1.1'
  /** What ends the body of the server's answer to the proxy (RFC 9112 §6.3). */
  readonly answered: 'chunked' | 'until-close'
  /** The Content-Encoding that the client got; undefined for none. */
  readonly coding: string | undefined
  /** Bytes of one event. */
  readonly eventSize: number
}

/**
 * What holds a stream. When several things could, look in this order:
 *
 * - `nothing`: it is not held
 * - `gzip`: the proxy compresses it, and waits until it has enough to compress
 * - `asked-in-1.0`: the proxy asked in HTTP/1.0, which has no chunks, so that the body ends with the connection
 * - `until-close`: it asked in HTTP/1.1, and all the same the body ends with the connection: that is the server's choice
 * - `large-events`: chunked, and late: an event fills the proxy's buffer (a page of 4096 bytes), and its end waits for the next one
 */
export type Cause = 'nothing' | 'gzip' | 'asked-in-1.0' | 'until-close' | 'large-events'
