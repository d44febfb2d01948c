let second = Number.NaN
let text = ''

/** Now, as the Date field says it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7). Made once per second. */
export function httpDate(now: number = Date.now()): string {
  const current = Math.floor(now / 1000)
  if (current !== second) {
    second = current
    text = new Date(now).toUTCString() // ECMAScript defines exactly this form
  }
  return text
}
