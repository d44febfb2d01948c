import type { IncomingRequest } from '@sse-from-scratch/http-raw'
import { isObject } from './params.ts'
import { Refusal } from './refusal.ts'

/** Reads a request's JSON object, at most `limit` bytes of it. Anything else is refused with a 4xx. */
export async function readJsonObject(
  request: IncomingRequest,
  limit: number,
): Promise<Readonly<Record<string, unknown>>> {
  const type = request.fields.get('content-type')
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(415, 'The request must have the Content-Type application/json.', {
      code: 'unsupported_content_type',
    })
  }
  const value = parse(await readBytes(request, limit))
  if (!isObject(value)) throw new Refusal(400, 'The request body must be a JSON object.')
  return value
}

async function readBytes(request: IncomingRequest, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body) {
    size += part.length
    if (size > limit) throw tooLarge(limit)
    parts.push(part)
  }
  return Buffer.concat(parts, size)
}

function tooLarge(limit: number): Refusal {
  const fields = { Connection: 'close' } // the rest of the body is not worth reading
  return new Refusal(413, `The request body is larger than ${limit} bytes.`, { fields })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'The request body could not be read as JSON in UTF-8.') // never echoed: it may hold secrets
  }
}
