import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Exchange } from '@sse-from-scratch/wire-xray/timeline'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { chunk, HEAD, recorded, token, tokens, twoTaps } from './streams.ts'
import { ASKED, drawn, drawnIn, says, tap, visit } from './visit.ts'

// Chromium shares the machine with all the other tests. What takes long is slow, and not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

describeWith(['chromium'], 'the page of the x-ray in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test('of 50,000 items it draws no more than there are pixels for, at every zoom', async () => {
    const exchanges = await recorded(ASKED, tokens(12_600))
    expect(exchanges[0]?.items.length).toBeGreaterThan(50_000)
    await visit(browser, [tap(exchanges)], async (page) => {
      await drawn(page)
      const width = await page.locator('#boxes').evaluate((canvas) => canvas.clientWidth)
      for (const key of ['+', '+', '+', '+', '0']) {
        await page.keyboard.press(key)
        await page.evaluate('new Promise(requestAnimationFrame)')
        expect(await drawnIn(page, '#boxes')).toBeLessThan(4 * width * 3) // lanes; stripes and threads of a box 4 pixels wide
        expect(await drawnIn(page, '#stairs')).toBeLessThan(2 * width)
      }
      expect(await page.locator('#table-rows tr').count()).toBe(100)
      expect(await page.locator('.row').count()).toBeLessThanOrEqual(200)
    })
  })

  test('from the keyboard one gets from a token down to its read, and its bytes are lit', async () => {
    const event = token('cut in two')
    const reads = [HEAD, chunk(event.slice(0, 60)), chunk(event.slice(60)), '0\r\n\r\n']
    await visit(browser, [tap(await recorded(ASKED, reads))], async (page) => {
      await drawn(page)
      await page.keyboard.press('ArrowRight')
      await says(page, '#chosen', /event 0.*2 reads · 2 chunks · token 0/)
      await page.keyboard.press('ArrowDown')
      await says(page, '#chosen', 'token 0: cut in two')
      await page.locator('.row.lit').first().waitFor()
      for (const expected of ['event 0', 'chunk 1', 'read 1']) {
        await page.keyboard.press('ArrowUp')
        await says(page, '#chosen', expected)
      }
      await page.locator('.row.llm.delta, .row.llm').last().click()
      await says(page, '#chosen', 'token 0')
    })
  })

  test('what a hostile server writes is text, and nothing else', async () => {
    const evil = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
    const head = `${HEAD.slice(0, -4)}\r\nX-Evil: ${evil}\r\n\r\n`
    const asked = `GET /${encodeURIComponent(evil)}"><b>x</b> HTTP/1.1\r\nHost: a\r\n\r\n`
    const events = [
      `event: ${evil}\ndata: ${evil}\n\n`,
      `${evil}: x\n\n`,
      `: ${evil}\n\n`,
      token(evil),
      token('\u202e\u0000'),
    ]
    for (const question of [ASKED, asked]) {
      const exchanges = await recorded(question, [head, ...events.map(chunk), 'zz\r\n'])
      if (exchanges.length === 0) continue // a decoder refused it
      await visit(browser, [tap(exchanges)], async (page) => {
        await drawn(page)
        for (const lane of ['0', '1', '2', '3']) await page.locator('#of').selectOption(lane)
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('ArrowDown')
        await page.locator('.row').first().waitFor()
        expect(await page.locator('main img, main script, main b').count()).toBe(0)
        expect(await page.title()).not.toContain('owned')
        expect(await page.locator('#table-rows').textContent()).toContain('<img src=x')
      })
    }
  })

  test('what comes while one looks is drawn, and the newest exchange is shown', async () => {
    const all = [...(await recorded(ASKED, tokens(4)))]
    const shown: Exchange[] = []
    await visit(
      browser,
      [{ name: 'xray', exchanges: shown }],
      async (page, view) => {
        await page.locator('#nothing:not([hidden])').waitFor()
        shown.push(...all)
        view.changed()
        await drawn(page)
        expect(await page.locator('#exchange').inputValue()).toBe('0 1')
        await page.locator('#of').selectOption('3')
        await page.locator('#table-rows tr').nth(3).waitFor()
      },
      { live: true },
    )
  })

  test('a finding leads to its evidence, and has lines to copy', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(20).slice(0, 12)))], async (page) => {
      await drawn(page)
      const finding = page.locator('#finding-list li', { hasText: 'NO_TERMINATOR' })
      await finding.getByRole('button', { name: 'Show me' }).click()
      expect(await page.evaluate('document.activeElement?.id')).toBe('boxes')
      await finding.locator('summary').click()
      expect(await finding.locator('pre').textContent()).not.toBe('')
    })
  })

  test('of two taps it says in words how much is held, and for how long', async () => {
    const [front, back] = await twoTaps('merge=all,delay=30ms', ['one', 'two', 'three'])
    const taps = [
      { name: 'in front', exchanges: front.exchanges },
      { name: 'behind', exchanges: back.exchanges },
    ]
    await visit(browser, taps, async (page) => {
      await drawn(page)
      await page.getByRole('radio', { name: 'events' }).check()
      expect(await page.locator('#taps').textContent()).toBe('in frontbehind')
      await page.locator('#reading', { hasText: '3 events · held 0 events · the last of them was held' }).waitFor()
      expect(await page.locator('#facts').textContent()).toContain('held longest')
    })
  })

  test('a replay begins at the beginning, stops where it is told to, and ends at the end', async () => {
    await visit(browser, [tap(await recorded(ASKED, tokens(300)))], async (page) => {
      await drawn(page)
      const all = await drawnIn(page, '#boxes')
      await page.locator('#cursor').fill('100')
      await says(page, '#now', /^3\d\.\d ms$/)
      await page.evaluate('new Promise(requestAnimationFrame)')
      expect(await drawnIn(page, '#boxes')).toBeLessThan(all)
      await page.locator('#speed').selectOption('4')
      await page.locator('#play').click()
      await page.locator('#play', { hasText: 'Play' }).waitFor()
      await expect.poll(() => page.locator('#cursor').inputValue()).toBe('1000')
    })
  })

  test('of a middle that is not kept it shows where it was, and counts the bytes that went by there', async () => {
    const answers = tokens(1000)
    const exchanges = await recorded(ASKED, answers, { maxItems: 3500 })
    expect(exchanges[0]?.leftOut?.items).toBeGreaterThan(0)
    await visit(browser, [tap(exchanges)], async (page) => {
      await drawn(page)
      const size = Buffer.byteLength(answers.join('')).toLocaleString('en')
      await says(page, '#reading', `${size} bytes`)
      await says(page, '#table-count', /[\d,]+ items in the middle are not kept/)
      const { hole, carriers } = (await page.evaluate(`(async () => {
        const { createExchange } = await import('/exchange.js')
        const read = (at) => ({ kind: 'read', down: true, at, bytes: [[at, at + 1]] })
        const found = (what, no, at, parent) => ({ kind: 'finding', what, no, at, began: at, down: true, text: '', bytes: [[at, at + 1]], parent })
        const summary = { askedAt: 0, items: 8, leftOut: { behind: 2, items: 90 } }
        const exchange = createExchange({ exchange: summary, reach: { at: 99, bytes: 0, events: 0, tokens: 0 } })
        const behind = [found('chunk', 80, 94), found('event', 80, 94, ['chunk', 80, 80]), found('event', 81, 95, ['chunk', 82, 82])]
        exchange.take(0, [read(1), read(2), { kind: 'error', at: 50, text: 'E' }, read(95), read(99), ...behind])
        const carriers = exchange.lanes.flatMap(({ boxes }) => boxes.map(({ from, to }) => [from, to])).slice(4)
        return { hole: exchange.hole, carriers }
      })()`)) as { readonly hole: unknown; readonly carriers: unknown }
      expect(
        carriers,
        'the read of this chunk is not kept, its event is in it, the next one in nobody knows what',
      ).toEqual([
        [-1, -1],
        [0, 0],
        [-1, -1],
      ])
      expect(hole).toEqual({ from: 2, to: 95 })
    })
  })

  test('on a phone nothing sticks out, and every key is explained', async () => {
    await visit(
      browser,
      [tap(await recorded(ASKED, tokens(30)))],
      async (page) => {
        await drawn(page)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
        await page.keyboard.press('?')
        await page.getByRole('dialog').waitFor()
        expect(await page.getByRole('dialog').textContent()).toContain('replay, or pause')
      },
      { width: 375 },
    )
  })
})
