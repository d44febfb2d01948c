/** What `--port` says, as a number: of "seven", `Number` would make a NaN, and of nothing at all a 0. */
export function portOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new RangeError(`--port is a number from 0 to 65535, not ${JSON.stringify(text)}`)
}
