// What the x-ray's page takes for a frame with 50,000 items: npm run bench:page. Needs Chromium.
import { startChromium } from '@sse-from-scratch/testkit'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import type { Browser, Page } from 'playwright-core'
import { recorded, tokens } from '../test/web/streams.ts'

const HELP = `Usage: npm run bench:page

Shows an answer of 12,600 tokens, which is 50,000 items, in Chromium without a window, and moves in it a step a frame, as the
keyboard does. Prints for each frame the CPU time of the thread that runs the page (script, style, layout and paint), which
others on the machine do not change much, and the time from frame to frame, which they do: 16.7 ms are those of the screen.
`

const ASKED = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'
const FRAMES = 200

/** What is done, and the keys that do it, one a frame. */
const MOVES = [
  ['zoom in and out', ['+', '+', '+', '+', '+', '-', '-', '-', '-', '-']],
  ['replay', [',', ',', ',', ',', ',', '.', '.', '.', '.', '.']],
  ['from token to token', ['ArrowRight']],
  ['count events, then bytes', ['2', '1']],
] as const

/** In the page: presses a key a frame, and leaves a mark before each. */
function inPage(keys: readonly string[]): string {
  return `(async () => {
    const keys = ${JSON.stringify(keys)}
    await new Promise(requestAnimationFrame)
    for (let n = 0; n < ${FRAMES}; n++) {
      performance.mark('x-ray move')
      document.dispatchEvent(new KeyboardEvent('keydown', { key: keys[n % keys.length], bubbles: true, cancelable: true }))
      await new Promise(requestAnimationFrame)
    }
    performance.mark('x-ray move')
  })()`
}

/** What Chromium tells of its threads, in microseconds. */
interface Traced {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  /** CPU time of the thread. */
  readonly tdur?: number
}

/** Milliseconds of each frame: CPU time of the page's thread, and from its beginning to the next one's. */
async function framesOf(browser: Browser, page: Page, keys: readonly string[]): Promise<[number[], number[]]> {
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'blink.user_timing'] })
  await page.evaluate(inPage(keys))
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly Traced[] }
  const marks = trace.traceEvents.filter(({ name }) => name === 'x-ray move').toSorted((a, b) => a.ts - b.ts)
  const isOfPage = ({ pid, tid }: Traced) => pid === marks[0]?.pid && tid === marks[0].tid
  const tasks = trace.traceEvents.filter((one) => one.name === 'ThreadControllerImpl::RunTask' && isOfPage(one))
  if (marks.length !== FRAMES + 1 || tasks.length < FRAMES) throw new Error('this Chromium traces in other words')
  const pairs = marks.slice(1).map(({ ts }, n) => [marks[n]?.ts ?? 0, ts] as const)
  // A mark is made in the first task of its frame, which began shortly before it: it counts for the frame before.
  const spent = pairs.map(([from, to]) =>
    tasks.reduce((sum, { ts, tdur = 0 }) => (ts >= from && ts < to ? sum + tdur / 1000 : sum), 0),
  )
  return [spent, pairs.map(([from, to]) => (to - from) / 1000)]
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
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
  const started = performance.now()
  await page.goto(view.url)
  await page.locator('#boxes[data-drawn]').waitFor()
  console.log(
    `${exchanges[0]?.items.length.toLocaleString('en')} items, shown after ${Math.round(performance.now() - started)} ms`,
  )
  await page.keyboard.press('ArrowRight')
  for (const [name, keys] of MOVES) {
    const [spent, frames] = await framesOf(browser, page, keys)
    console.log(`${name.padEnd(26)} CPU ${shares(spent).padEnd(22)} frame ${shares(frames)}`)
  }
}
