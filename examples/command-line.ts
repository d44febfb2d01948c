/**
 * How the programs here, and those of `scripts`, end when they cannot go on: one sentence, no stack. The exit code is 2 for a
 * call that makes no sense, and 1 for what went wrong in the world.
 */

/** What the command line says; or says what is wrong with it, and exits. */
export function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    console.error(`${sentenceOf(error)} (--help says more)`)
    process.exit(2)
  }
}

/** For `main().catch(fail)`. */
export function fail(error: unknown): void {
  console.error(sentenceOf(error))
  process.exitCode = 1
}

/** @throws RangeError, in a sentence for whoever wrote the option */
export function wholeNumber(name: string, text: string, max: number = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value <= max) return value
  throw new RangeError(`${name} must be a whole number from 0 to ${max}, not ${text}`)
}

/** Node's own go on about positional arguments. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message.split(/\. To specify/, 1)[0] ?? ''
}
