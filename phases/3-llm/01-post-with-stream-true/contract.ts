/** What to send, and whom to trust. */
export interface PostOptions {
  /** Goes out as it is, in this order: the key, the version of the API. */
  readonly headers: Readonly<Record<string, string>>
  /** Any value that JSON can say. */
  readonly json: unknown
  /** Ends the request at whatever point it is. */
  readonly signal?: AbortSignal
  /** A certificate (PEM) to trust instead of those that Node comes with: for a server that has signed its own. */
  readonly ca?: string
}

export interface StreamedAnswer {
  /** As the server says it, also 401 or 529: a refusal is an answer, too. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, piece by piece as it comes, without its framing. Leaving the loop over it closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * Asks a server for an answer that comes while it is made (RFC 9110 §9.3.3, RFC 9112).
 *
 * ```text
 * you     POST /v1/chat/completions HTTP/1.1 \r\n      path and query of the URL
 *         Host: api.example.com \r\n                   with the port, if the URL has one
 *         Accept: text/event-stream \r\n
 *         Content-Type: application/json \r\n
 *         Authorization: Bearer … \r\n                 your headers
 *         Connection: close \r\n
 *         Content-Length: 29 \r\n                      of the JSON, in BYTES
 *         \r\n
 *         {"model":"m","stream":true,…}
 * server  HTTP/1.1 200 OK \r\n
 *         …                                            the promise resolves here, before the first token
 *         \r\n
 *         data: … \n \n
 * ```
 *
 * `http:` speaks TCP, `https:` speaks TLS over it: then nothing is sent before the server has proved who it is.
 *
 * @param url where to, with path and query
 * @returns as soon as the head of the answer is there; interim responses (100, 103) are none
 * @throws TypeError for a header with a line end in it, before anything is sent
 * @throws the reason of `signal`, also out of the loop over the body; the socket is destroyed then
 * @throws an Error with the code `Truncated` when the connection ends before the answer does
 */
export type PostStream = (url: URL, options: PostOptions) => Promise<StreamedAnswer>
