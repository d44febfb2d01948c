import { HttpError } from './errors.ts'

/**
 * The value of a JSON text (RFC 8259). `HTTP_BAD_JSON` if it is none, 400 to whoever sent it.
 *
 * Without a `cause`: V8's own error quotes the text, and that may be a secret.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpError('HTTP_BAD_JSON', 'the body is not JSON')
  }
}
