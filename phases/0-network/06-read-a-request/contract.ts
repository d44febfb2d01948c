/** What stands before the body of a request (RFC 9112 §3). */
export interface RequestHead {
  /** As it came: `GET`. Case matters. */
  readonly method: string
  /** As it came: `/events?prompt=hello`. */
  readonly target: string
  readonly version: '1.0' | '1.1'
  /**
   * The fields in the order in which they came; a name that came twice is there twice. Names in small letters, because their
   * case means nothing (RFC 9110 §5.1). Values without the blanks around them.
   */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** All that has come does not make a head yet, or it does, and `rest` is what comes behind it. */
export type Parsed =
  | { readonly done: false }
  | { readonly done: true; readonly head: RequestHead; readonly rest: Uint8Array }

/**
 * Reads the head of a request from the bytes that have come so far, from the first on.
 *
 * ```text
 * POST /echo HTTP/1.1 CR LF          request-line: method SP request-target SP HTTP-version
 * Host: example.com CR LF            field-line: name ":" blanks value blanks
 * content-length: 5 CR LF
 * CR LF                              the empty line ends the head
 * hello                              not ours: `rest`
 * ```
 *
 * @param bytes all that has come on this connection, cut anywhere
 * @throws Error with the code `BadRequest` (a server answers 400) when a head is whole and is no head
 */
export type ParseRequestHead = (bytes: Uint8Array) => Parsed
