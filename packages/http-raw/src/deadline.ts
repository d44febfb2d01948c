import { HttpError } from './errors.ts'

/** Settles as `work` does; but rejects with what `late` makes if that takes longer than `time`. 0 waits for ever. */
export async function before<T>(work: Promise<T>, time: number, late: () => Error): Promise<T> {
  if (time === 0) return work
  let timer: NodeJS.Timeout | undefined
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), time)
  })
  try {
    return await Promise.race([work, alarm])
  } finally {
    clearTimeout(timer)
  }
}

/** What we say to a peer who was too slow: a server answers 408 (RFC 9110 §15.5.9). */
export function tooSlow(what: string, option: string, time: number): HttpError {
  return new HttpError('HTTP_TIMEOUT', `${what} took longer than ${option}, ${time} ms`, { status: 408 })
}
