import type { EncodeEvent } from '../contract.ts'

const LINE_END = '\n'

export const encodeEvent: EncodeEvent = ({ comment, event, id, retry, data }) => {
  let text = ''
  if (comment !== undefined) for (const line of comment.split(LINE_END)) text += `: ${line}\n`
  if (event !== undefined) text += `event: ${oneLine(event)}\n`
  if (id !== undefined) text += `id: ${withoutNul(oneLine(id))}\n`
  if (retry !== undefined) text += `retry: ${wholeNumber(retry)}\n`
  if (data !== undefined) for (const line of data.split(LINE_END)) text += `data: ${line}\n`
  return `${text}\n`
}

/** What stands behind a line break would be a field of its own: that is how events are forged. */
function oneLine(value: string): string {
  if (/[\r\n]/.test(value)) throw new TypeError(`a line break in ${JSON.stringify(value)}`)
  return value
}

/** A client ignores such an id (HTML §9.2.6): it would come back with an older one. */
function withoutNul(id: string): string {
  if (id.includes('\0')) throw new TypeError('a NUL in an id')
  return id
}

/** A client ignores what is not digits alone. */
function wholeNumber(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`retry is a whole number of milliseconds, not ${ms}`)
  return ms
}
