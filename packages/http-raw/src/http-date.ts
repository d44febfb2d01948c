let line: string | undefined

/**
 * Now, as a Date field: `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its CRLF (RFC 9110 §5.6.7). Made once per second. A timer forgets
 * it, so that not even the time is asked for with each request; and no timer runs while nobody asks.
 */
export function dateLine(): string {
  return line ?? makeLine()
}

function makeLine(): string {
  const now = Date.now()
  line = `Date: ${new Date(now).toUTCString()}\r\n` // ECMAScript defines exactly this form
  setTimeout(forget, 1000 - (now % 1000)).unref()
  return line
}

function forget(): void {
  line = undefined
}
