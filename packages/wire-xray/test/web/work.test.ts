import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { recorded, tokens } from './streams.ts'
import { ASKED, drawnIn, says, settled, tap, visit } from './visit.ts'

// Chromium shares the machine with all the other tests. What takes long is slow, and not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

/** What a move changes of the page: elements made or let go of, and words and attributes written. */
interface Touched {
  readonly made: number
  readonly written: number
}

/** In the page: presses keys together, and says what the two frames after that have touched. */
async function touchedBy(page: Page, keys: readonly string[]): Promise<Touched> {
  return (await page.evaluate(`(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    await frame()
    let [made, written] = [0, 0]
    const count = (records) => {
      for (const { type, addedNodes, removedNodes, target } of records)
        if (type !== 'childList') written++
        else if (target.id === 'chosen' || target.id === 'reading' || target.id === 'now') written++
        else made += addedNodes.length + removedNodes.length
    }
    const observer = new MutationObserver(count)
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    for (const key of ${JSON.stringify(keys)})
      document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await frame()
    await frame()
    count(observer.takeRecords())
    observer.disconnect()
    return { made, written }
  })()`)) as Touched
}

describeWith(['chromium'], 'what a move costs on the page of the x-ray', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test('from token to token it makes no element, writes the rows of two tokens, and draws one picture', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(2000)))], async (page) => {
      await settled(page)
      for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
      await says(page, '#chosen', 'token 0')
      await page.locator('.row.lit').first().waitFor()
      for (let moves = 0; moves < 8; moves++) {
        const [stairs, boxes] = [await drawnIn(page, '#stairs', 'times'), await drawnIn(page, '#boxes', 'times')]
        const { made, written } = await touchedBy(page, ['ArrowRight'])
        expect(made).toBe(0)
        expect(written).toBeLessThan(16) // of 1,400 cells: bytes and row of both tokens, the sentence, and what tests read here
        expect(await drawnIn(page, '#boxes', 'times')).toBe(boxes + 1)
        expect(await drawnIn(page, '#stairs', 'times')).toBe(stairs)
      }
      expect(await page.locator('.row.lit').allTextContents()).toEqual([expect.stringContaining('w8 ')])
      expect(await page.locator('#table-rows [aria-current]').count()).toBe(1)
      expect(await page.locator('#table-rows [aria-current] td').first().textContent()).toBe('8')
    })
  })

  test('keys that come within a frame are drawn once', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(200)))], async (page) => {
      await settled(page)
      await page.keyboard.press('ArrowRight')
      await says(page, '#chosen', 'event 0')
      const boxes = await drawnIn(page, '#boxes', 'times')
      await touchedBy(page, ['ArrowRight', 'ArrowRight', '+', 'ArrowRight', ',', '.'])
      await says(page, '#chosen', 'event 3')
      expect(await drawnIn(page, '#boxes', 'times')).toBe(boxes + 1)
    })
  })

  test('another unit is drawn in the staircase, and nowhere else', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(200)))], async (page) => {
      await settled(page)
      const [stairs, boxes] = [await drawnIn(page, '#stairs', 'times'), await drawnIn(page, '#boxes', 'times')]
      expect((await touchedBy(page, ['2'])).made).toBe(0)
      await says(page, '#reading', 'events')
      expect(await drawnIn(page, '#stairs', 'times')).toBe(stairs + 1)
      expect(await drawnIn(page, '#boxes', 'times')).toBe(boxes)
    })
  })

  test('other bytes and other boxes are written into the rows that are there', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(400)))], async (page) => {
      await settled(page)
      for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
      await page.locator('.row.lit').first().waitFor()
      await page.evaluate(`for (const row of document.querySelectorAll('.row, #table-rows tr')) row.dataset.old = ''`)
      const rows = await page.locator('.row').count()
      const before = await page.locator('.row').first().textContent()
      await touchedBy(
        page,
        Array.from({ length: 250 }, () => 'ArrowRight'),
      )
      await says(page, '#chosen', 'token 250: w250')
      await page.locator('.row.lit', { hasText: 'w250' }).waitFor()
      expect(await page.locator('.row').first().textContent()).not.toBe(before)
      expect(await page.locator('.row[data-old]').count()).toBe(rows)
      expect(await page.locator('#table-rows tr[data-old]').count()).toBe(100)
      expect(await page.locator('#table-rows [aria-current]').textContent()).toContain('w250')
      const isSeen = `(() => {
        const [row, pane] = [document.querySelector('.row.lit'), document.querySelector('#rows')].map((one) => one.getBoundingClientRect())
        return row.top >= pane.top && row.bottom <= pane.bottom
      })()`
      expect(await page.evaluate(isSeen)).toBe(true)
    })
  })

  test('however many marks there are, one is drawn for a pixel, and close by each has its place', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(2)))], async (page) => {
      const [all, near, past] = (await page.evaluate(`(async () => {
        const { createMarks } = await import('/marks.js')
        const marks = createMarks()
        for (let at = 0; at <= 100_000; at++) marks.add(at)
        const pixels = (start, end, cursor) => marks.pixels({ start, end }, cursor, 864).map(Math.round)
        return [pixels(0, 100_000, Infinity), pixels(10, 12, Infinity), pixels(0, 10, 5)]
      })()`)) as [number[], number[], number[]]
      expect(all.length).toBeLessThanOrEqual(864)
      expect(all.length).toBeGreaterThan(700)
      expect([all[0], all.at(-1)]).toEqual([64, 856])
      expect(near).toEqual([64, 460, 856])
      expect(past).toHaveLength(6) // of 11: the others are behind the cursor
    })
  })
})
