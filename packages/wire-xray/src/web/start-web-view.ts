import { serve } from '@sse-from-scratch/chunked'
import { createChannel, createHistory } from '@sse-from-scratch/sse-server'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { isLoopback } from '../proxy/loopback.ts'
import { createChanges } from './changes.ts'
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

/** Milliseconds for which changes are gathered: a page draws no faster than that needs. */
const GATHERED = 50

/** Events that are remembered for a page that lost the line; one that missed more asks for everything again. */
const REMEMBERED = 256

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
  const news = createChannel({
    history: createHistory(REMEMBERED),
    onGap: (session) => void session.send({ event: 'reset', data: '' }).catch(() => {}),
  })
  const changes = taps.map((_, tap) => createChanges(tap))
  let gathering: NodeJS.Timeout | undefined

  /** What is there already, pages ask for. */
  for (const [tap, { exchanges }] of taps.entries()) changes[tap]?.(exchanges)

  function tell(): void {
    gathering = undefined
    for (const [tap, { exchanges }] of taps.entries()) {
      for (const { kind, ...change } of changes[tap]?.(exchanges) ?? []) {
        news.publish({ event: kind, data: JSON.stringify(change) })
      }
    }
  }

  const routes = { files: await loadPage(), shown: createShown({ taps, title, shift, live }), news }
  const listener = await serve((request, respond) => route(request, respond, routes), { port, host, onError })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listener.address.port}/`,
    address: listener.address,
    changed() {
      gathering ??= setTimeout(tell, GATHERED)
    },
    async close(signal) {
      clearTimeout(gathering)
      await news.end()
      await listener.close(signal)
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(gathering)
      await listener[Symbol.asyncDispose]()
    },
  }
}
