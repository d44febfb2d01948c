// What the x-ray's page takes for a frame with 50,000 items, and until it shows them: npm run bench:page. Needs Chromium.
import { startChromium } from '@sse-from-scratch/testkit'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import type { Browser, Page } from 'playwright-core'
import { recorded, tokens } from '../test/web/streams.ts'
import { framesOf } from './traced-frames.ts'

const HELP = `Usage: npm run bench:page

Shows an answer of 12,600 tokens, which is 50,000 items, in Chromium without a window. Three times: how long until there is a
picture, until all items are there, and the longest frame meanwhile. Then it moves in it a step a frame, as the keyboard does.
Prints for each frame the CPU time of the thread that runs the page (script, style, layout and paint), which others on the
machine do not change much, and the time from frame to frame, which they do: 16.7 ms are those of the screen. An empty page is
measured in the same way, before and after: that is what the machine and a browser without a graphics card do by themselves.
`

const ASKED = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'

/** What is done, and the keys that do it, one a frame. */
const MOVES = [
  ['zoom in and out', ['+', '+', '+', '+', '+', '-', '-', '-', '-', '-']],
  ['replay', [',', ',', ',', ',', ',', '.', '.', '.', '.', '.']],
  ['from token to token', ['ArrowRight']],
  ['count events, then bytes', ['2', '1']],
] as const

/** In the page, before its scripts: when it had a picture, when all of it, and how long frames took until then. */
const WATCH = `{
  const seen = { frames: [] }
  globalThis.seen = seen
  let before = performance.now()
  requestAnimationFrame(function frame(now) {
    seen.frames.push(now - before)
    before = now
    if (document.querySelector('#boxes[data-drawn]')) seen.first ??= now
    if (document.querySelector('[aria-busy="false"] #boxes[data-drawn]')) seen.all ??= now
    if (seen.all === undefined) requestAnimationFrame(frame)
  })
}`

async function show(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
  await page.addInitScript(WATCH)
  await page.goto(url)
  await page.locator('[aria-busy="false"] #boxes[data-drawn]').waitFor()
  return page
}

async function printShowing(page: Page): Promise<void> {
  await page.waitForFunction('seen.all !== undefined')
  const [first, all, longest] = (await page.evaluate(
    '[seen.first, seen.all, Math.max(...seen.frames)].map(Math.round)',
  )) as readonly number[]
  console.log(`a picture after ${first} ms, all items after ${all} ms, the longest frame until then ${longest} ms`)
}

async function printMoves(name: string, page: Page, keys: readonly string[]): Promise<void> {
  const { spent, frames } = await framesOf(page, keys)
  console.log(`${name.padEnd(26)} CPU ${shares(spent).padEnd(22)} frame ${shares(frames)}`)
}

function shares(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  return `p50 ${at(0.5)}, p95 ${at(0.95)} ms`
}

if (process.argv.includes('--help')) console.log(HELP)
else {
  const exchanges = await recorded(ASKED, tokens(12_600))
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  await using browser = await startChromium()
  console.log(`${exchanges[0]?.items.length.toLocaleString('en')} items`)
  const page = await show(browser, view.url)
  await printShowing(page)
  for (let again = 0; again < 2; again++) {
    const other = await show(browser, view.url)
    await printShowing(other)
    await other.close()
  }
  const empty = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
  await printMoves('an empty page', empty, ['F13'])
  await page.bringToFront()
  await page.keyboard.press('ArrowRight')
  for (const [name, keys] of MOVES) await printMoves(name, page, keys)
  await empty.bringToFront()
  await printMoves('the empty page again', empty, ['F13'])
}
