import { type CorsOptions, corsHeaders } from '@sse-from-scratch/sse-server'
import { answerPreflight, openSession, serve, stopReconnecting } from '@sse-from-scratch/sse-server/raw'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What a page sees of a stream: how often it was asked for, and how each attempt went. */
interface Seen {
  readonly data: string[]
  readonly closed: boolean
}

/** Listens in the page until the stream has given up, or two messages are there. */
function listenIn(page: Page, url: string, withCredentials = false): Promise<Seen> {
  return page.evaluate(
    ([url, withCredentials]) =>
      new Promise<Seen>((resolve) => {
        const source = new EventSource(url, { withCredentials })
        const data: string[] = []
        const done = () => {
          resolve({ data, closed: source.readyState === 2 })
          source.close()
        }
        source.onmessage = (event) => {
          if (data.push(event.data) === 2) done()
        }
        source.onerror = () => {
          if (source.readyState === 2) done()
        }
      }),
    [url, withCredentials] as const,
  )
}

describeWith(['chromium'], 'pages of other origins, judged by Chromium', ([chromium]) => {
  let browser: Browser
  let page: Page
  let site: Awaited<ReturnType<typeof serve>>
  let origin: string

  beforeAll(async () => {
    browser = await startChromium(chromium && { tool: chromium })
    site = await serve(async (_, respond) => {
      await respond(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'who=me; SameSite=Lax' }, '<!doctype html>')
    })
    origin = `http://127.0.0.1:${site.address.port}`
    page = await browser.newPage()
    await page.goto(origin)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  /** Sends one event on each connection, and what came with the request; the third time it says stop. */
  async function streams(cors: CorsOptions) {
    const requests: string[] = []
    const server = await serve(async (request, respond) => {
      if (await answerPreflight(request, respond, cors)) return
      requests.push(`${request.fields.get('last-event-id') ?? ''} ${request.fields.get('cookie') ?? ''}`)
      const headers = corsHeaders(request.fields.get('origin'), cors)
      if (request.fields.get('last-event-id') === 'stop') return stopReconnecting(respond, { headers })
      const session = await openSession(request, respond, { cors, retry: 0 })
      await session.send({ id: 'stop', data: `${request.fields.get('cookie') ?? 'no cookie'}` })
      await session.end()
    })
    return {
      requests,
      url: `http://127.0.0.1:${server.address.port}/`,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  }

  test('a listed origin may listen, and its 204 is understood', async () => {
    await using server = await streams({ origins: [origin] })
    expect(await listenIn(page, server.url)).toEqual({ data: ['no cookie'], closed: true })
    expect(server.requests).toEqual([' ', 'stop '])
  })

  test('with credentials the cookies come along', async () => {
    await using server = await streams({ origins: [origin], credentials: true })
    expect(await listenIn(page, server.url, true)).toEqual({ data: ['who=me'], closed: true })
  })

  test('any origin may listen where all may, but not with credentials', async () => {
    await using server = await streams({ origins: '*' })
    expect(await listenIn(page, server.url)).toEqual({ data: ['no cookie'], closed: true })
    expect(await listenIn(page, server.url, true)).toEqual({ data: [], closed: true })
  })

  test('an origin that is not listed hears nothing', async () => {
    await using server = await streams({ origins: ['https://app.example'] })
    expect(await listenIn(page, server.url)).toEqual({ data: [], closed: true })
  })

  test('a script may send Last-Event-ID, Authorization and JSON, after asking', async () => {
    await using server = await streams({ origins: [origin] })
    const headers = { 'Last-Event-ID': '7', Authorization: 'Bearer x', 'Content-Type': 'application/json' }
    const text = await page.evaluate(
      ([url, headers]) => fetch(url, { method: 'POST', headers, body: '{}' }).then((response) => response.text()),
      [server.url, headers] as const,
    )
    expect(text).toContain('data: no cookie\n\n')
    expect(server.requests).toEqual(['7 '])
  })
})
