import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { simulatedTargets } from '@sse-from-scratch/playground'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, startHouse } from './house.ts'

/** Remembers every EventSource the page makes, and how the answer grew; `until` looks once a frame. */
const WATCH = `
  window.sources = []
  window.growth = []
  window.until = async (condition) => {
    while (!condition()) await new Promise(requestAnimationFrame)
  }
  window.EventSource = class extends EventSource {
    constructor(url) { super(url); sources.push(this) }
  }
  new MutationObserver(() => {
    const tokens = document.querySelectorAll('.token').length
    if (tokens !== growth.at(-1)) growth.push(tokens)
  }).observe(document, { childList: true, subtree: true })
`

/** What Chromium itself writes when nobody answers. */
const GONE = /ERR_CONNECTION_(REFUSED|RESET)|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/

const SLOW = { tokensPerSecond: 50, words: { min: 5000, max: 5000 } }

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  /** Opens the page; a test that ends with an unexpected error in its console fails. */
  async function visit(house: House, body: (page: Page) => Promise<void>, expected = /^$/): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(WATCH)
    await page.goto(house.url)
    await body(page)
    await page.close()
    expect(complaints.filter((text) => !expected.test(text))).toEqual([])
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
      expect(await page.getByRole('radio', { name: 'the model’s response' }).isChecked()).toBe(true)
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
    await using house = await startHouse(SLOW)
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await page.waitForSelector('.token')
      await page.getByRole('button', { name: 'Stop' }).click()
      expect(await page.locator('.state').textContent()).toBe('Stopped.')
      expect(await page.locator('dd.time').textContent()).toMatch(/^\d/)
      expect(await page.locator('dd.first').textContent()).toMatch(/^\d/)
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

  const states = (page: Page) => page.locator('.state').allTextContents()
  const sends = (page: Page) => page.evaluate(`document.querySelector('#generate').ariaDisabled !== 'true'`)
  const focused = (page: Page) => page.evaluate('document.activeElement.id')
  const openSources = (page: Page) => page.evaluate('sources.filter(s => s.readyState !== 2).length')

  test('a server that is gone is a sentence, and the next question can be asked', async () => {
    const house = await startHouse()
    await visit(
      house,
      async (page) => {
        await house[Symbol.asyncDispose]()
        await ask(page, 'hello')
        await page.locator('.lane[data-state="failed"]').waitFor()
        expect(await states(page)).toEqual(['The playground does not answer. Is npm start still running?'])
        expect(await sends(page)).toBe(true)
        expect(await openSources(page)).toBe(0)
      },
      GONE,
    )
  })

  test('a server that goes away during an answer is given up after three reconnects', async () => {
    const house = await startHouse(SLOW)
    await visit(
      house,
      async (page) => {
        await ask(page, 'hello')
        await page.waitForSelector('.token')
        const attempts: string[] = []
        page.on('requestfailed', (request) => attempts.push(new URL(request.url()).pathname))
        await house[Symbol.asyncDispose]()
        await page.locator('.lane[data-state="failed"]').waitFor()
        expect(await states(page)).toEqual(['The playground does not answer. Is npm start still running?'])
        expect(attempts.filter((path) => path === '/events')).toHaveLength(1 + 3) // the cut, and three in vain
        expect(await sends(page)).toBe(true)
        expect(await openSources(page)).toBe(0)
      },
      GONE,
    )
  })

  test('a connection that other tabs keep from opening is explained', async () => {
    await using house = await startHouse(SLOW)
    await visit(house, async (page) => {
      await page.evaluate(`Promise.all([1, 2, 3, 4, 5, 6].map(n => new Promise(resolve => {
        new EventSource('/events?prompt=' + n).onopen = resolve
      })))`)
      await ask(page, 'hello')
      await page.getByText('a browser opens six at a time to one server').waitFor()
      await page.evaluate('sources[0].close()')
      await page.waitForSelector('.token')
      expect(await states(page)).toEqual(['Streaming…'])
    })
  })

  const ends = (page: Page, column: string) =>
    page.evaluate(`(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.querySelector('${column}')
      return { scrollTop, left: scrollHeight - scrollTop - clientHeight }
    })()`) as Promise<{ scrollTop: number; left: number }>
  const grows = (page: Page, column: string) =>
    page.evaluate(`(() => {
      const column = document.querySelector('${column}')
      const count = column.childElementCount
      return until(() => column.childElementCount > count + 20)
    })()`)

  test('a column of bytes that was hidden shows its end when it is shown', async () => {
    await using house = await startHouse(SLOW)
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await grows(page, '.bytes.model-leg')
      await page.getByRole('radio', { name: 'the model’s response' }).check()
      expect((await ends(page, '.model-leg')).left).toBeLessThan(4)
      expect((await ends(page, '.model-leg')).scrollTop).toBeGreaterThan(0)
      await grows(page, '.bytes.model-leg')
      expect((await ends(page, '.model-leg')).left).toBeLessThan(4)
      await page.keyboard.press('Escape')
      await page.evaluate('until(() => sources.every(s => s.readyState === 2))') // no more bytes will move it
      await page.getByRole('radio', { name: 'this page’s response' }).check()
      expect((await ends(page, '.bytes.browser')).left).toBeLessThan(4)
    })
  })

  test('a column that the reader scrolled back stays there, hidden or not, until they return to its end', async () => {
    await using house = await startHouse(SLOW)
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await grows(page, '.bytes.browser')
      await page.locator('.bytes.browser').hover()
      await page.mouse.wheel(0, -300)
      await page.evaluate(`(() => {
        const column = document.querySelector('.bytes.browser')
        let at = -1
        let frames = 0 // without movement: the wheel has come to rest
        return until(() => {
          frames = column.scrollTop === at ? frames + 1 : 0
          at = column.scrollTop
          return frames === 10 && column.scrollHeight - at - column.clientHeight > 100
        })
      })()`)
      const { scrollTop } = await ends(page, '.bytes.browser')
      await grows(page, '.bytes.browser')
      await page.getByRole('radio', { name: 'the model’s response' }).check()
      await grows(page, '.bytes.browser')
      await page.getByRole('radio', { name: 'this page’s response' }).check()
      expect((await ends(page, '.bytes.browser')).scrollTop).toBe(scrollTop)
      await page.locator('.bytes.browser').press('End')
      await grows(page, '.bytes.browser')
      expect((await ends(page, '.bytes.browser')).left).toBeLessThan(4)
    })
  })

  test('the command for a terminal names the wire format and the prompt, and can be copied', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByLabel('Prompt').fill('Hi "there"!')
      await page.getByRole('radio', { name: 'Anthropic' }).check()
      const command = `curl -N --raw "${house.url}/events?wire=anthropic&prompt=Hi%20%22there%22%21"`
      expect(await page.locator('#commands code').allTextContents()).toEqual([command])
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByText('Copied.').waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command)

      await page.getByRole('radio', { name: 'Side by side' }).check()
      const both = await page.locator('#commands code').allTextContents()
      expect(both.map((text) => /wire=\w+/.exec(text)?.[0])).toEqual(['wire=openai', 'wire=anthropic'])
    })
  })

  test('without a clipboard the command is copied from its text, however long, on one line', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
      await page.getByLabel('Prompt').fill('long '.repeat(500))
      const code = page.locator('#commands code')
      expect((await code.boundingBox())?.height).toBeLessThan(30)
      expect(await code.getAttribute('title')).toBe(await code.textContent())
      await page.evaluate(`document.addEventListener('copy', () => { window.copied = String(getSelection()) })`)
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByText('Copied.').waitFor()
      expect(await page.evaluate('copied')).toBe(await code.textContent())
    })
  })

  test('side by side, bytes of both are above the fold, and stay aligned when one model fails', async () => {
    await using simulator = await startSimulator({ tokensPerSecond: 0 })
    const { openai } = simulatedTargets('http://127.0.0.1:1') // nobody is there
    await using house = await startHouse({ targets: { ...simulatedTargets(simulator.url), openai } })
    await visit(house, async (page) => {
      await page.getByLabel('Side by side').check()
      await ask(page, 'hello')
      await page.locator('.lane[data-state="failed"]').waitFor()
      await complete(page)
      const boxes = await Promise.all((await page.locator('.bytes.model-leg').all()).map((box) => box.boundingBox()))
      expect(boxes[0]?.y).toBe(boxes[1]?.y)
      expect(boxes[0]?.height).toBe(boxes[1]?.height)
      expect((boxes[0]?.y ?? 800) + 100).toBeLessThan(800)
    })
  })

  test('invisible characters are escapes among the bytes, and cannot turn their neighbours round', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      const visible = (text: string) =>
        page.evaluate(`import('/escapes.js').then(m => m.visible(${JSON.stringify(text)}))`)
      expect(await visible('a\u202eb\u200dc\u2028d\ufeff')).toBe('a\\u{202e}b\\u{200d}c\\u{2028}d\\u{feff}')
      expect(await visible('\u0000\t\r\n\u{e0041}')).toBe('\\x00\\t\\r\\n\n\\u{e0041}')
      await ask(page, 'hello')
      await complete(page)
      const isolation = await page.evaluate(`getComputedStyle(document.querySelector('.read .delta')).unicodeBidi`)
      expect(isolation).toBe('isolate')
    })
  })

  test('an answer reads from right to left where its words do', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await complete(page)
      const starts = await page.evaluate(`(() => {
        const answer = document.querySelector('.answer')
        answer.replaceChildren('שלום לכולם\\nhello to all')
        const text = answer.firstChild
        const { left, right } = answer.getBoundingClientRect()
        return [0, text.data.indexOf('h')].map(at => {
          const range = document.createRange()
          range.setStart(text, at)
          range.setEnd(text, at + 1)
          return range.getBoundingClientRect().left < (left + right) / 2 ? 'left' : 'right'
        })
      })()`)
      expect(starts).toEqual(['right', 'left'])
    })
  })

  test('a question can be asked, stopped and asked again from the keyboard, and the focus never gets lost', async () => {
    await using house = await startHouse(SLOW)
    await visit(house, async (page) => {
      expect(await focused(page)).toBe('prompt')
      await page.keyboard.type('hello')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.token')
      await page.keyboard.press('Enter')
      expect(await page.getByRole('alert').textContent()).toBe('An answer is still coming; Stop it first.')
      expect(await focused(page)).toBe('prompt')
      await page.keyboard.press('Escape')
      expect(await states(page)).toEqual(['Stopped.'])
      expect(await page.getByRole('alert').textContent()).toBe('')

      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('generate')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.token')
      expect(await focused(page)).toBe('generate')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('stop')
      await page.keyboard.press('Enter')
      expect(await states(page)).toEqual(['Stopped.'])
      expect(await focused(page)).toBe('stop')
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.name')).toBe('wire')
    })
  })

  test('an answer stays until the next question, whatever wire format is chosen meanwhile', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await complete(page)
      const answer = await page.locator('.answer').textContent()
      await page.getByRole('radio', { name: 'Anthropic' }).check()
      expect(await page.locator('.answer').textContent()).toBe(answer)
      expect(await page.locator('#note').textContent()).toBe('The next question goes to Anthropic.')
      await page.getByRole('button', { name: 'Generate' }).click()
      await complete(page)
      expect(await page.locator('.lane .name').allTextContents()).toEqual(['Anthropic'])
      expect(await page.locator('#note').textContent()).toBe('')
    })
  })

  test('a prompt survives a reload', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.getByLabel('Prompt').fill('Why do rivers bend?')
      await page.reload()
      await page.evaluate(`until(() => document.querySelector('#prompt').value !== '')`)
      expect(await page.getByLabel('Prompt').inputValue()).toBe('Why do rivers bend?')
      expect(await page.locator('#commands code').textContent()).toContain('rivers')
    })
  })

  test('nothing moves while an answer comes, and the tokens are those the model counted', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      const place = () => page.locator('.numbers').boundingBox()
      await page.waitForSelector('.numbers')
      const before = await place()
      await ask(page, 'hello')
      await complete(page)
      expect(await place()).toEqual(before)
      const { tokens } = await house.finished()
      expect(await page.locator('dd.tokens').textContent()).toBe(`${tokens}`)
      expect(await page.locator('dd.deltas').textContent()).toBe(`${await page.locator('.token').count()}`)
    })
  })

  test('without JavaScript the page says so', async () => {
    await using house = await startHouse()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(house.url)
    expect(await page.locator('noscript p').isVisible()).toBe(true)
    await context.close()
  })
})
