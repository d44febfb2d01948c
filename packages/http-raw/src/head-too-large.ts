import { HttpError } from './errors.ts'

// What outgrows a limit of the head, and what a server answers to it.

export function headTooLarge(limit: number): HttpError {
  return tooLarge(`the head is larger than ${limit} bytes`, 431)
}

export function tooManyFields(limit: number): HttpError {
  return tooLarge(`the head has more than ${limit} field lines`, 431)
}

/** RFC 9112 §3: a request-target longer than we wish to parse MUST get a 414. */
export function targetTooLong(limit: number): HttpError {
  return tooLarge(`the request-target is longer than ${limit} bytes`, 414)
}

function tooLarge(message: string, status: number): HttpError {
  return new HttpError('HTTP_HEAD_TOO_LARGE', message, { status })
}
