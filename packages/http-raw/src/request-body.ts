import type { Decoder } from '@sse-from-scratch/tcp-echo'
import type { BodyEvent } from './body.ts'
import { createBodyDecoder } from './body-decoder.ts'
import { requestBodyLength } from './body-length.ts'
import { before, tooSlow } from './deadline.ts'
import { HttpError } from './errors.ts'
import { Fields } from './fields.ts'
import type { RequestHead } from './head.ts'
import type { HeldBytes } from './held-bytes.ts'
import { createMessageReader, type MessageReader } from './incoming.ts'
import type { IncomingBody } from './incoming-body.ts'
import type { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'

/** The body of a request, and what the server wants to know about it. */
export type RequestBody = Pick<MessageReader<never>, 'body' | 'drain' | 'failure'>

/**
 * The body that `head` announces, `undefined` if it announces none, or one of no bytes: nobody must wait for the
 * first. Throws as `requestBodyLength` does, and for a length that is too large.
 *
 * A client that waits to be asked for it is, before the first byte of it is waited for.
 */
export function requestBody(
  head: RequestHead,
  bytes: HeldBytes,
  settings: ServerSettings,
  responder: Responder,
): RequestBody | undefined {
  const length = requestBodyLength(head, settings.transferCodings)
  if (length.kind === 'none' || (length.kind === 'content-length' && length.length === 0)) return undefined
  const deadline = performance.now() + settings.requestTimeout
  const decoder = createBodyDecoder(length, settings.limits)
  responder.bodyPending = true
  if (length.kind === 'content-length') responder.bodyLeft = length.length
  return createMessageReader<never>(bytes, counted(decoder, responder), {
    headless: true,
    collectedSize: settings.limits.collectedSize,
    within: (read) => withinBodyTime(read, deadline, settings),
    onComplete() {
      responder.bodyPending = false
    },
    beforeBody: async () => {
      if (bytes.isEmpty) await responder.askForBody()
    },
  })
}

/** Of a body whose length was told, all that is taken is data. */
function counted(decoder: Decoder<BodyEvent>, responder: Responder): Decoder<BodyEvent> {
  return {
    get state() {
      return decoder.state
    },
    push(bytes, emit) {
      const taken = decoder.push(bytes, emit)
      if (responder.bodyLeft !== undefined) responder.bodyLeft -= taken
      return taken
    },
    end: (emit) => decoder.end(emit),
  }
}

async function* nothing(): AsyncGenerator<never, void> {}

/** The client has sent nothing to a handler that wants JSON. */
export class NoJson extends HttpError<'HTTP_BAD_JSON'> {
  constructor() {
    super('HTTP_BAD_JSON', 'there is no body, and so no JSON')
  }
}

/** The body of a request that has none, as nearly all. It is no less empty the second time. */
export const NO_BODY: IncomingBody = {
  trailers: new Fields(),
  bytes: async () => new Uint8Array(0),
  text: async () => '',
  json: async () => {
    throw new NoJson()
  },
  [Symbol.asyncIterator]: nothing,
}

function withinBodyTime<T>(read: Promise<T>, deadline: number, settings: ServerSettings): Promise<T> {
  const { requestTimeout, bodyIdleTimeout } = settings
  const left = Math.max(1, deadline - performance.now())
  if (requestTimeout > 0 && (bodyIdleTimeout === 0 || left < bodyIdleTimeout)) {
    return before(read, left, () => tooSlow('the request', 'requestTimeout', requestTimeout))
  }
  return before(read, bodyIdleTimeout, () => tooSlow('the next byte of the body', 'bodyIdleTimeout', bodyIdleTimeout))
}
