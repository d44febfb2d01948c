/** 16 MiB: room for a picture in base64, none for an accident. */
export const DEFAULT_MAX_EVENT_SIZE: number = 16 * 1024 * 1024

/** More is one byte for each character than a string of V8 can hold. */
const LONGEST_STRING = 2 ** 29 - 24

/**
 * Caller's mistakes are found before anything is sent.
 *
 * @throws RangeError when it is not above 0
 */
export function assertMaxEventSize(maxEventSize: number = DEFAULT_MAX_EVENT_SIZE): void {
  if (!(maxEventSize > 0)) throw new RangeError(`maxEventSize must be above 0, not ${maxEventSize}`)
}

/** What an event may really have, so that no text can be too long for the engine. */
export function withinString(maxEventSize: number): number {
  return Math.min(maxEventSize, LONGEST_STRING)
}
