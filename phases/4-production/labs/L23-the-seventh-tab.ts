import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { selfSignedCertificate, startChromium } from '@sse-from-scratch/testkit'
import { defineLab } from './engine/define-lab.ts'
import type { Lab, Setup } from './engine/lab.ts'

const TABS = 8
/** Milliseconds without a new stream until no more are expected. */
const QUIET = 1000

interface Tabs {
  /** Streams that the server had at a time. */
  readonly streams: number
  /** Whether a fetch to the same server got an answer in the meantime. */
  readonly isFetched: boolean
  /** Whether one more stream came when a tab was closed. */
  readonly goesOn: boolean
}

export const theSeventhTab: Lab = defineLab<Tabs>({
  id: 'L23',
  title: 'The seventh tab',
  isHeavy: true,
  about: `A user opens your page in eight tabs. Each of them has an EventSource of its own. Then a page wants to fetch something.`,
  question: 'HTTP/1.1: how many of the eight streams are open?',
  options: ['eight', 'six, and the fetch works', 'six, and the fetch waits, too'],
  right: { of: 'HTTP/1.1', is: ({ streams, isFetched }) => (streams === TABS ? 0 : isFetched ? 1 : 2) },
  setups: [tabs('HTTP/1.1', false), tabs('HTTP/2', true)],
  columns: {
    'streams open': ({ streams }) => `${streams} of ${TABS}`,
    fetch: ({ isFetched }) => (isFetched ? 'answered' : 'waits'),
    'when a tab is closed': ({ goesOn }) => (goesOn ? 'one more opens' : 'nothing changes'),
  },
  claims: [
    {
      of: ['HTTP/1.1'],
      says: 'in HTTP/1.1 there are six at a time, and a fetch waits as well',
      holds: ({ streams, isFetched }) => streams === 6 && !isFetched,
    },
    { of: ['HTTP/1.1'], says: 'when a tab is closed, one more opens', holds: ({ goesOn }) => goesOn },
    {
      of: ['HTTP/2'],
      says: 'in HTTP/2 all are open, and the fetch is answered',
      holds: ({ streams, isFetched }) => streams === TABS && isFetched,
    },
  ],
  explain: `A browser opens at most six connections to an origin in HTTP/1.1, for all tabs together, and a stream keeps one of them for as long
as it lives. The seventh waits without any error: its readyState is 0. HTTP/2 has streams within one connection.`,
  repair: `HTTP/2 between the browser and your hop; what is behind the hop may stay HTTP/1.1. Or one stream for all tabs, in a
SharedWorker or by a BroadcastChannel.`,
})

function tabs(name: string, isHttp2: boolean): Setup<Tabs> {
  return {
    name,
    isRepair: isHttp2,
    config: isHttp2 ? 'node:http2, with TLS' : 'node:http',
    programs: ['chromium'],
    canImitate: false,
    async measure() {
      const news = new EventEmitter()
      let open = 0
      const answer: RequestListener = (request, response) => {
        if (request.url !== '/events') {
          response.setHeader('Content-Type', 'text/html')
          response.end('<title>a tab</title>')
          return
        }
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.write('data: here\n\n')
        open++
        news.emit('open')
        response.on('close', () => open--)
      }
      const server = isHttp2 ? createSecureServer(selfSignedCertificate(), answer as never) : createServer(answer)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const url = `${isHttp2 ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
      const browser = await startChromium()
      try {
        const context = await browser.newContext({ ignoreHTTPSErrors: true })
        const pages = []
        for (let nth = 0; nth < TABS; nth++) {
          const page = await context.newPage()
          await page.goto(url)
          pages.push(page)
        }
        for (const page of pages) await page.evaluate(`void (globalThis.stream = new EventSource('/events'))`)
        await quiet(news, () => open === TABS)
        const streams = open
        await pages[0]?.evaluate(`void fetch('/').then(() => (globalThis.fetched = true))`)
        await quiet(news, () => false)
        const isFetched = (await pages[0]?.evaluate('globalThis.fetched === true')) === true
        const more = once(news, 'open', { signal: AbortSignal.timeout(3000) }).then(
          () => true,
          () => false,
        )
        if (streams < TABS) await pages[1]?.evaluate('globalThis.stream.close()')
        return { streams, isFetched, goesOn: streams < TABS && (await more) }
      } finally {
        await browser.close()
        server.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
      }
    },
  }
}

/** Until all has come, or nothing more does. */
async function quiet(news: EventEmitter, isAll: () => boolean): Promise<void> {
  try {
    while (!isAll()) await once(news, 'open', { signal: AbortSignal.timeout(QUIET) })
  } catch {}
}
