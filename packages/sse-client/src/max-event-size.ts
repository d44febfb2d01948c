/** 16 Mi characters: room for a picture in base64, none for an accident. */
export const DEFAULT_MAX_EVENT_SIZE: number = 16 * 1024 * 1024

/**
 * Caller's mistakes are found before anything is sent.
 *
 * @throws RangeError when it is not above 0
 */
export function assertMaxEventSize(maxEventSize: number = DEFAULT_MAX_EVENT_SIZE): void {
  if (!(maxEventSize > 0)) throw new RangeError(`maxEventSize must be above 0, not ${maxEventSize}`)
}
