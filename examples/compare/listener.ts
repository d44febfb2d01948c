/** What a listener tells about itself. */
export interface Hearing {
  /** The connection stands, or the first answer has come. */
  open(): void
  /** A tick has arrived, as its JSON text. */
  tick(text: string): void
  /** A connection, or the attempt at one, has failed: in a few words. */
  trouble(what: string): void
}

/** How to listen; times are milliseconds. */
export interface ListenOptions {
  /** Where the server is, or the line to it. */
  readonly port: number
  /** Under which name the server counts the requests. */
  readonly name: string
  /** How long to wait before coming back: the same for everybody, so that what differs is the transport. */
  readonly retry: number
  /** Between two polls. */
  readonly pollInterval: number
  readonly signal: AbortSignal
}

/** Listens until the signal aborts. Never rejects: what goes wrong is `trouble`, and tried again. */
export type Listen = (hearing: Hearing, options: ListenOptions) => Promise<void>

/**
 * What Chromium 156 sends with a fetch to its own origin: what a request costs a page that has no cookies yet. The head
 * our client sends by itself is a sixth of that, and polling would look better than it is in a browser.
 */
export const BROWSER_FIELDS: Readonly<Record<string, string>> = {
  'sec-ch-ua-platform': '"Linux"',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'sec-ch-ua': '"Not:A-Brand";v="8", "Chromium";v="156"',
  'sec-ch-ua-mobile': '?0',
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Dest': 'empty',
  Referer: 'http://127.0.0.1:8080/',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'en-US,en;q=0.9',
}

/** Where a listener asks. */
export function urlFor(path: string, { port, name }: ListenOptions, after?: number): string {
  const url = new URL(`http://127.0.0.1:${port}${path}`)
  url.searchParams.set('listener', name)
  if (after !== undefined) url.searchParams.set('after', `${after}`)
  return url.href
}

/** Resolves after so many milliseconds, or at once when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, milliseconds)
    signal.addEventListener('abort', wake, { once: true })
  })
}
