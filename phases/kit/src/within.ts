import { Failure, failureText } from './failure.ts'
import { type Mistake, whyOf } from './mistake.ts'
import { startPatience } from './patience.ts'
import { type Grammar, showBytes } from './show.ts'

/**
 * Waits, but not for ever, and says what it waited for and what had come: no test of the course ends in a bare timeout.
 *
 * @param ms milliseconds of patience, as {@link startPatience} counts them; far more than a right answer needs, since nothing is
 *   measured here
 * @param what goes on after "waited for": `the server to answer`
 * @param arrived what has come so far, if there are bytes to look at
 * @param mistakes what often makes one wait in vain; asked about the bytes that have come, the first that fits is named
 * @param as what the bytes are, so that their parts can be named, and what is missing in them. Default `message`
 * @throws Failure when the time is up
 */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  what: string,
  arrived?: () => Uint8Array,
  mistakes: readonly Mistake<Uint8Array>[] = [],
  as: Grammar = 'message',
): Promise<T> {
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    const fail = () => {
      const bytes = arrived?.()
      const why = whyOf(mistakes, bytes ?? new Uint8Array(0))
      reject(new Failure(failureText(lateText(ms, what, bytes, as), why)))
    }
    stop = startPatience(ms, fail)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    stop()
  }
}

function lateText(ms: number, what: string, arrived: Uint8Array | undefined, as: Grammar): string {
  const sentence = `waited ${ms / 1000} s for ${what}, in vain`
  if (arrived === undefined) return sentence
  if (arrived.length === 0) return `${sentence}: not one byte came`
  return `${sentence}: ${arrived.length} bytes had come\n\n${showBytes(arrived, as)}`
}
