import type { Page } from 'playwright-core'

const FRAMES = 200

/** Milliseconds of each frame. */
export interface TracedFrames {
  /** CPU time of the thread that runs the page. */
  readonly spent: readonly number[]
  /** From its beginning to the next one's. */
  readonly frames: readonly number[]
}

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

/** What a frame takes in which one of these keys is pressed, in turn. */
export async function framesOf(page: Page, keys: readonly string[]): Promise<TracedFrames> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser to be traced')
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
  return { spent, frames: pairs.map(([from, to]) => (to - from) / 1000) }
}
