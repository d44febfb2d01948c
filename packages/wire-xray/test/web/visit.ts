import type { Exchange } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView, type WebTap, type WebView } from '@sse-from-scratch/wire-xray/web'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

export const ASKED: string = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'

/** Opens the page; a test that ends with an error in its console fails. */
export async function visit(
  browser: Browser,
  taps: readonly WebTap[],
  body: (page: Page, view: WebView) => Promise<void>,
  { width = 1280, live = false }: { readonly width?: number; readonly live?: boolean } = {},
): Promise<void> {
  await using view = await startWebView({ taps, live })
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  page.setDefaultTimeout(60_000) // for what never comes, not for what is slow
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(view.url)
  await body(page, view)
  await page.close()
  expect(complaints).toEqual([])
}

export const tap = (exchanges: readonly Exchange[]): WebTap => ({ name: 'xray', exchanges })

/** Until all items are there and drawn. */
export const drawn = (page: Page): Promise<void> => page.locator('[aria-busy="false"] #boxes[data-drawn]').waitFor()

/** Until nothing more comes by itself: all is drawn, and judged, and what the judgement moves has found its place. */
export async function settled(page: Page): Promise<void> {
  await drawn(page)
  await page.locator('#finding-list li').filter({ hasNotText: 'Being looked for' }).first().waitFor()
  await page.evaluate(`(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  })()`)
}

/** Until an element says so: words change with the next frame. */
export const says = (page: Page, id: string, words: string | RegExp): Promise<void> =>
  page.locator(id, { hasText: words }).waitFor({ state: 'attached' })

/** How many shapes were drawn, or how many times. */
export const drawnIn = async (page: Page, id: string, what: 'drawn' | 'times' = 'drawn'): Promise<number> =>
  Number(await page.locator(id).getAttribute(`data-${what}`))
