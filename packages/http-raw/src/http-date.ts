let text: string | undefined

/**
 * Now, as the Date field says it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7). Made once per second. A timer forgets
 * it, so that not even the time is asked for with each request; and no timer runs while nobody asks.
 */
export function httpDate(): string {
  return text ?? makeDate()
}

function makeDate(): string {
  const now = Date.now()
  text = new Date(now).toUTCString() // ECMAScript defines exactly this form
  setTimeout(forget, 1000 - (now % 1000)).unref()
  return text
}

function forget(): void {
  text = undefined
}
