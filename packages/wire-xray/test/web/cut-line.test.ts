import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describeWith, startChaosProxy, startChromium } from '@sse-from-scratch/testkit'
import type { Exchange } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { recorded, tokens } from './streams.ts'
import { ASKED, drawn, says } from './visit.ts'

// Chromium shares the machine with all the other tests. What takes long is slow, and not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

/** An exchange of which the first items are there: `more` adds others, up to so many. */
async function growing(count: number, first: number): Promise<{ exchange: Exchange; more: (upTo?: number) => void }> {
  const [whole] = await recorded(ASKED, tokens(count))
  if (!whole) throw new Error('nothing was recorded')
  const items = whole.items.slice(0, first)
  return { exchange: { ...whole, items }, more: (upTo) => items.push(...whole.items.slice(items.length, upTo)) }
}

/** A line to a view that can be cut, and led to another one. */
async function startLine(port: number) {
  const refuses = createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1')
  await once(refuses, 'listening')
  let target = port
  const proxy = await startChaosProxy({ target: () => target })
  return {
    url: `${proxy.url}/`,
    cut() {
      target = (refuses.address() as AddressInfo).port
      proxy.resetAll()
    },
    leadTo: (other: number) => {
      target = other
    },
    async [Symbol.asyncDispose]() {
      await proxy.close()
      refuses.close()
    },
  }
}

/** Whoever listens from now on: `told` is resolved when items have been told, so that who comes later has missed them. */
async function listenAt(url: string): Promise<{ told: Promise<void> }> {
  const { body } = await fetch(new URL('/events', url))
  const told = async () => {
    let heard = ''
    for await (const part of body ?? []) {
      heard += new TextDecoder().decode(part)
      if (heard.includes('event: items')) return
    }
  }
  return { told: told() }
}

/** What a browser does to a tab behind another one, as far as the page is told of it. */
async function turn(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }`)
}

describeWith(['chromium'], 'the line to the page of the x-ray', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test('is cut: the page says so, comes back, and hears of each token it has missed, once, from the id it had', async () => {
    const { exchange, more } = await growing(40, 60)
    const exchanges: Exchange[] = []
    await using view = await startWebView({ taps: [{ name: 'xray', exchanges }], live: true })
    await using line = await startLine(view.address.port)
    const page = await browser.newPage()
    await page.goto(line.url)
    await says(page, '#nothing', 'Nothing has been asked yet')
    exchanges.push(exchange)
    view.changed()
    await drawn(page)
    await page.locator('#of').selectOption('3')
    await says(page, '#table-count', / of 1\d tokens/)
    await page.route(/\/(exchanges|outline|items|judgement)(\?|$)/, (route) => route.abort()) // nothing but the events can tell it the rest
    line.cut()
    await says(page, '#line', 'The line is cut; coming back…')
    const { told } = await listenAt(view.url)
    more()
    view.changed()
    await told // and the page was not there
    line.leadTo(view.address.port)
    await says(page, '#table-count', '1 to 41 of 41 tokens') // with the end mark
    await says(page, '#line', /^$/)
    expect(await page.locator('#table-rows tr').count()).toBe(41)
    await page.close()
  })

  test('is given up by a page that nobody sees, which goes on from where it was when somebody does', async () => {
    const { exchange, more } = await growing(40, 60)
    const exchanges: Exchange[] = []
    await using view = await startWebView({ taps: [{ name: 'xray', exchanges }], live: true })
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(view.url)
    await says(page, '#nothing', 'Nothing has been asked yet')
    exchanges.push(exchange)
    view.changed()
    await drawn(page)
    await page.locator('#of').selectOption('3')
    const left = new Promise((resolve) => page.on('requestfailed', (request) => resolve(request.url())))
    await turn(page, true)
    expect(await left).toContain('/events')
    const { told } = await listenAt(view.url)
    more()
    view.changed()
    await told
    asked.length = 0
    await turn(page, false)
    await says(page, '#table-count', '1 to 41 of 41 tokens')
    expect(asked.filter((path) => path === '/events' || path === '/items' || path === '/exchanges')).toEqual([
      '/events',
    ])
    await page.close()
  })

  test('tells the page of what it knows already: that is not shown twice', async () => {
    const { exchange, more } = await growing(40, 60)
    await using view = await startWebView({ taps: [{ name: 'xray', exchanges: [exchange] }], live: true })
    more(100) // is there when the page asks for all, and nobody has been told of it
    const page = await browser.newPage()
    await page.goto(view.url)
    await drawn(page)
    await page.locator('#of').selectOption('3')
    await says(page, '#table-count', / of 2\d tokens/)
    more()
    view.changed()
    await says(page, '#table-rows', 'done')
    await says(page, '#table-count', '1 to 41 of 41 tokens')
    await page.close()
  })

  test('leads to another server: the page shows what that one has', async () => {
    const one = await growing(3, 1000)
    const [other] = await recorded(ASKED.replace('/v1/chat/completions', '/other'), tokens(5))
    await using old = await startWebView({ taps: [{ name: 'xray', exchanges: [one.exchange] }], live: true })
    await using next = await startWebView({ taps: [{ name: 'xray', exchanges: other ? [other] : [] }], live: true })
    await using line = await startLine(old.address.port)
    const page = await browser.newPage()
    await page.goto(line.url)
    await drawn(page)
    await page.locator('#of').selectOption('3')
    await says(page, '#table-count', '4 tokens')
    line.cut()
    await says(page, '#line', 'The line is cut; coming back…')
    line.leadTo(next.address.port)
    await says(page, '#table-count', '6 tokens')
    expect(await page.locator('#exchange option').allTextContents()).toEqual(['#1 POST /other 200'])
    await page.close()
  })
})
