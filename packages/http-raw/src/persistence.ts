import { HttpError } from './errors.ts'
import type { HttpVersion, RequestHead, ResponseHead } from './head.ts'

const NO_OPTIONS: readonly string[] = []

/** Whether the sender of this head lets the connection be used again (RFC 9112 §9.3). The body's framing has a say too. */
export function persists({ version, fields }: RequestHead | ResponseHead): boolean {
  return isPersistent(fields.has('connection') ? fields.list('connection') : NO_OPTIONS, version)
}

/** {@link persists}, by the options of its Connection field. */
export function isPersistent(options: readonly string[], version: HttpVersion): boolean {
  if (options.includes('close')) return false
  return version === '1.1' || options.includes('keep-alive')
}

/** Whether the client waits for a 100 before it sends the body. Of HTTP/1.0 it MUST be ignored (RFC 9110 §10.1.1). */
export function expectsContinue({ version, fields }: RequestHead): boolean {
  return version === '1.1' && fields.has('expect') && fields.list('expect').includes('100-continue')
}

/** Throws `HTTP_UNMET_EXPECTATION`, status 417, for an expectation nobody has defined (RFC 9110 §10.1.1). */
export function checkExpectations({ fields }: RequestHead): void {
  if (!fields.has('expect')) return
  if (fields.list('expect').some((member) => member !== '100-continue')) {
    throw new HttpError('HTTP_UNMET_EXPECTATION', 'an Expect other than 100-continue', { status: 417 })
  }
}
