// How long the x-ray's page takes for a frame with 50,000 items: npm run bench:page. Needs Chromium.
import { startChromium } from '@sse-from-scratch/testkit'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import { recorded, tokens } from '../test/web/streams.ts'

const HELP = `Usage: npm run bench:page

Shows an answer of 12,600 tokens, which is 50,000 items, in Chromium without a window, and moves in it a step a frame, as the
keyboard does. Prints the time from frame to frame: 16.7 ms are those of the screen.
`

const ASKED = 'POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'

/** What is done, and the keys that do it, one a frame. */
const MOVES = [
  ['zoom in and out', ['+', '+', '+', '+', '+', '-', '-', '-', '-', '-']],
  ['replay', [',', ',', ',', ',', ',', '.', '.', '.', '.', '.']],
  ['from token to token', ['ArrowRight']],
  ['count events, then bytes', ['2', '1']],
] as const

/** In the page: presses a key a frame, and says how long frames took. */
function inPage(keys: readonly string[]): string {
  return `(async () => {
    const keys = ${JSON.stringify(keys)}
    const frames = []
    let before = await new Promise(requestAnimationFrame)
    for (let n = 0; n < 200; n++) {
      document.dispatchEvent(new KeyboardEvent('keydown', { key: keys[n % keys.length], bubbles: true, cancelable: true }))
      const now = await new Promise(requestAnimationFrame)
      frames.push(now - before)
      before = now
    }
    const at = (list, share) => list.toSorted((a, b) => a - b)[Math.floor(list.length * share)]
    return [at(frames, 0.5), at(frames, 0.95)]
  })()`
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
    const [p50 = 0, p95 = 0] = (await page.evaluate(inPage(keys))) as number[]
    console.log(`${name.padEnd(26)} frame p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`)
  }
}
