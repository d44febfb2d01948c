import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, startHouse } from './house.ts'

/** Remembers every EventSource the page makes, and how the answer grew. */
const WATCH = `
  window.sources = []
  window.growth = []
  window.EventSource = class extends EventSource {
    constructor(url) { super(url); sources.push(this) }
  }
  new MutationObserver(() => {
    const tokens = document.querySelectorAll('.token').length
    if (tokens !== growth.at(-1)) growth.push(tokens)
  }).observe(document, { childList: true, subtree: true })
`

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  /** Opens the page; a test that ends with an error in its console fails. */
  async function visit(house: House, body: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(WATCH)
    await page.goto(house.url)
    await body(page)
    await page.close()
    expect(complaints).toEqual([])
    expect(house.errors).toEqual([])
  }

  const ask = async (page: Page, prompt: string) => {
    await page.getByLabel('Prompt').fill(prompt)
    await page.getByRole('button', { name: 'Generate' }).click()
  }
  const complete = (page: Page, lanes = 1) =>
    page
      .locator('.lane[data-state="complete"]')
      .nth(lanes - 1)
      .waitFor()

  test('a typed prompt grows token by token, and its bytes appear in the colours of their layers', async () => {
    await using house = await startHouse({ tokensPerSecond: 200, words: { min: 40, max: 40 } })
    await visit(house, async (page) => {
      await ask(page, 'Why do rivers bend?')
      await complete(page)
      const growth = (await page.evaluate('growth')) as number[]
      expect(growth.length).toBeGreaterThan(20)
      expect(growth).toEqual([...growth].sort((a, b) => a - b))
      const answer = await page.locator('.answer').textContent()
      expect(answer).toContain('simulator')
      for (const layer of ['head', 'size', 'crlf', 'sse', 'json', 'delta']) {
        expect(await page.locator(`.bytes.browser .${layer}`).count(), layer).toBeGreaterThan(0)
      }
      const deltas = (await page.locator('.bytes.browser .delta').allTextContents()).join('')
      expect(JSON.parse(`"${deltas}"`)).toBe(answer)
    })
  })

  test('after the end the event source is closed: the browser does not come back', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      const requests: string[] = []
      page.on('request', (request) => requests.push(new URL(request.url()).pathname))
      await ask(page, 'hello')
      await complete(page)
      const states = await page.evaluate(`sources.filter(s => s.url.includes('/events')).map(s => s.readyState)`)
      expect(states).toEqual([2])
      expect(requests.filter((path) => path === '/events')).toHaveLength(1)
    })
  })

  test('an EventSource that nobody closes comes back once and is stopped by 204', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      const statuses: number[] = []
      page.on('response', (response) => {
        if (response.url().includes('/events')) statuses.push(response.status())
      })
      await page.evaluate(`new Promise(resolve => {
        const source = new EventSource('/events?prompt=hello')
        source.onerror = () => source.readyState === 2 && resolve()
      })`)
      expect(statuses).toEqual([200, 204])
    })
  })

  test('side by side, two wire formats say the same with different bytes', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.getByLabel('Side by side').check()
      await page.getByRole('radio', { name: 'the model’s response' }).check()
      await ask(page, 'What is bread?')
      await complete(page, 2)
      const [one, other] = await page.locator('.answer').allInnerTexts()
      expect(one).toBe(other)
      const [openai, anthropic] = await page.locator('.bytes.model-leg').allInnerTexts()
      expect(openai).toContain('chat.completion.chunk')
      expect(openai).toContain('[DONE]')
      expect(anthropic).toContain('content_block_delta')
      expect(anthropic).toContain('message_stop')
    })
  })

  test('Stop hangs up, and the model is stopped', async () => {
    await using house = await startHouse({ tokensPerSecond: 100, words: { min: 5000, max: 5000 } })
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await page.waitForSelector('.token')
      await page.getByRole('button', { name: 'Stop' }).click()
      expect(await page.locator('.state').textContent()).toContain('Stopped')
      expect(await house.finished()).toMatchObject({ complete: false })
    })
  })

  test('an empty prompt is a sentence and no request', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, '   ')
      expect(await page.getByRole('alert').textContent()).toContain('The prompt is empty')
      expect(await page.evaluate('sources.length')).toBe(0)
    })
  })

  test('what a model says is text, never markup', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, '<img src=x onerror="document.title=1"> <b>bold</b>')
      await complete(page)
      expect(await page.locator('.answer img, .answer b, .bytes img').count()).toBe(0)
    })
  })

  test('on a phone nothing is wider than the screen', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.setViewportSize({ width: 360, height: 740 })
      await ask(page, 'hello')
      await complete(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    })
  })
})
