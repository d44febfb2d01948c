import { serve } from '@sse-from-scratch/chunked'
import type { IncomingRequest, Respond } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { isLoopback } from '../proxy/loopback.ts'
import { createNews } from './news.ts'
import { loadPage } from './page-files.ts'
import { route } from './routes.ts'
import { createShown, type WebTap } from './shown.ts'

/** What is shown, and where. */
export interface WebViewOptions {
  /** One tap; or two around a hop, the one in front of it first. */
  readonly taps: readonly WebTap[]
  /** What is looked at, for the head of the page. */
  readonly title?: string
  /** Whether more may come: then say {@link WebView.changed}. Default false. */
  readonly live?: boolean
  /** From the clock of the tap behind to the one in front, in milliseconds. Default 0: they have the same. */
  readonly shift?: number
  /** Default: one that is free. */
  readonly port?: number
  /** An address of this machine's own. Default `127.0.0.1`. */
  readonly host?: string
  /** Called with what a handler throws: a bug of ours. */
  readonly onError?: (error: unknown) => void
}

/** The page, as long as it is served. */
export interface WebView extends Listener {
  readonly url: string
  /** Something has come: open pages hear of it, together with what comes within a moment. */
  changed(): void
}

/** Milliseconds without a byte in either direction after which a connection is let go of: its reader has stopped. */
const STALLED = 60_000

/** Milliseconds for which a page may keep a connection for its next request: less than that, so that it ends in peace. */
const KEPT_ALIVE = 30_000

/**
 * Serves the page that shows exchanges, to this machine only: there is no `exposed` here, because it shows what people asked.
 *
 * @throws TypeError for a host that others could reach, RangeError for no tap, or three
 */
export async function startWebView(options: WebViewOptions): Promise<WebView> {
  const { taps, title = '', live = false, shift = 0, port = 0, host = '127.0.0.1' } = options
  const { onError = () => {} } = options
  if (taps.length < 1 || taps.length > 2) throw new RangeError(`one tap or two, not ${taps.length}`)
  if (!isLoopback(host)) throw new TypeError(`the page is for this machine only: ${host} is none of its own addresses`)
  const news = createNews(taps)
  const routes = { files: await loadPage(), shown: createShown({ taps, title, shift, live }), onListener: news.tellOf }
  const handle = (request: IncomingRequest, respond: Respond) => route(request, respond, routes)
  const listener = await serve(handle, { port, host, onError, idleTimeout: STALLED, keepAliveTimeout: KEPT_ALIVE })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listener.address.port}/`,
    address: listener.address,
    changed: news.changed,
    async close(signal) {
      await news.end()
      await listener.close(signal)
    },
    async [Symbol.asyncDispose]() {
      void news.end()
      await listener[Symbol.asyncDispose]()
    },
  }
}
