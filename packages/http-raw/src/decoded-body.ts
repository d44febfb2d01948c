import { bodyTooLarge } from './body.ts'
import { collect, utf8 } from './collect.ts'
import { contentCodings } from './content-coding.ts'
import { decodeContent } from './decode-content.ts'
import { HttpError } from './errors.ts'
import type { Fields } from './fields.ts'
import { alreadyRead, type IncomingBody } from './incoming-body.ts'
import { parseJson } from './json.ts'
import type { Limits } from './limits.ts'

/**
 * A body without its content codings. `bodySize` and `collectedSize` are limits of what comes out, too: a body that is small
 * on the wire may be anything.
 *
 * Reading one with a coding that is not known here rejects with `HTTP_UNKNOWN_CODING`: we have been promised its content.
 */
export function decodedBody(body: IncomingBody, fields: Fields, limits: Limits): IncomingBody {
  const codings = contentCodings(fields, limits.contentCodings)
  if (codings?.length === 0) return body
  const decoded: AsyncIterable<Uint8Array> = codings ? codings.reduce(decodeContent, body) : refuse(body)
  let claimed = false
  let failure: { readonly error: unknown } | undefined

  function claim(): void {
    if (claimed) throw failure?.error ?? alreadyRead()
    claimed = true
  }

  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    let size = 0
    for await (const piece of decoded) {
      size += piece.length
      if (size > limits.bodySize) throw bodyTooLarge(limits.bodySize)
      yield piece
    }
  }

  async function bytes(): Promise<Uint8Array> {
    claim()
    try {
      return await collect(pieces(), limits.collectedSize)
    } catch (error) {
      failure = { error }
      throw error
    }
  }

  const text = async () => utf8(await bytes())
  return {
    get trailers() {
      return body.trailers
    },
    bytes,
    text,
    json: async () => parseJson(await text()),
    [Symbol.asyncIterator]() {
      claim()
      return pieces()
    },
  }
}

/** Nothing is lost by not understanding an empty body: that of an answer to HEAD, say. */
async function* refuse(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const piece of body) {
    if (piece.length > 0) throw unknownCoding()
    yield piece
  }
}

function unknownCoding(): HttpError {
  return new HttpError('HTTP_UNKNOWN_CODING', 'a content coding that is not known here (RFC 9110 §8.4)', {
    status: 415,
  })
}
