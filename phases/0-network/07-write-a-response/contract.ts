/** What is answered. */
export interface Response {
  /** Three digits: 200. */
  readonly status: number
  /** In this order. Without Content-Length, which you write. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** Default: nothing. A text leaves as UTF-8. */
  readonly body?: string | Uint8Array
}

/**
 * The bytes of a response (RFC 9112 §4, §5, §6.2).
 *
 * ```text
 * HTTP/1.1 200 OK CR LF              status-line: version SP status-code SP reason-phrase
 * Content-Type: text/plain CR LF     the headers you are given, in their order
 * Content-Length: 5 CR LF            how many BYTES the body has; always there, and the last field
 * CR LF                              the empty line
 * café                               the body: 5 bytes
 * ```
 *
 * A status whose words you do not know has none, and keeps the blank before them: `HTTP/1.1 299 `.
 *
 * @throws TypeError for a name that is no token (RFC 9110 §5.6.2), or a value with a control character or one beyond U+00FF
 * @throws RangeError for a status that is not three digits
 */
export type EncodeResponse = (response: Response) => Uint8Array
