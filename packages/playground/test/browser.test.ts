import { openai } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { simulatedTargets } from '@sse-from-scratch/playground'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type GatedModel, gatedText, PART, startGatedModel } from './gated-model.ts'
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
  window.said = []
  new MutationObserver(() => {
    for (const { textContent } of document.querySelectorAll('.state, .line')) said.push(textContent)
    const tokens = document.querySelectorAll('.token').length
    if (tokens !== growth.at(-1)) growth.push(tokens)
  }).observe(document, { childList: true, subtree: true })
`

/** What Chromium itself writes when nobody answers. */
const GONE = /ERR_CONNECTION_(REFUSED|RESET)|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/

const SLOW = { tokensPerSecond: 50, words: { min: 5000, max: 5000 } }

// Chromium shares the machine with all the other tests. What takes long is slow, and not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })
/** Milliseconds until what never comes is named: far more than a busy machine needs. */
const PATIENCE = 60_000

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  /** Opens the page and waits until it can be used; a test that ends with an unexpected error in its console fails. */
  async function visit(house: House, body: (page: Page) => Promise<void>, expected = /^$/): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(PATIENCE)
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.addInitScript(WATCH)
    await page.goto(house.url)
    await page.locator('#generate:enabled').waitFor() // the page's load is over before it knows whom it can ask
    await body(page)
    await page.close()
    expect(complaints.filter((text) => !expected.test(text))).toEqual([])
    expect(house.errors).toEqual([])
  }

  const ask = async (page: Page, prompt: string) => {
    await page.getByLabel('Prompt').fill(prompt)
    await page.getByRole('button', { name: 'Generate' }).click()
  }
  const race = (page: Page, rival = 'anthropic') => page.locator('#rival').selectOption(rival)
  const closed = (page: Page) => page.evaluate('until(() => sources.every(s => s.readyState === 2))')
  /** The answer is whole, and so is what is told of its bytes: that comes on a line of its own, before the last word or behind it. */
  const complete = async (page: Page, lanes = 1) => {
    await page
      .locator('.lane[data-state="complete"]')
      .nth(lanes - 1)
      .waitFor()
    await closed(page)
  }

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
      await race(page)
      expect(await page.getByRole('radio', { name: 'of the model' }).isChecked()).toBe(true)
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

  test('a count of bytes says whose they are, and the numbers count the same ones', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, 'What is bread?')
      await complete(page)
      const count = page.locator('.count')
      expect(await count.textContent()).toMatch(/^[\d,]+ bytes to this page$/)
      await page.getByRole('radio', { name: 'of the model' }).check()
      const bytes = await page.locator('dd.wire-bytes').textContent()
      expect(await count.textContent()).toBe(`${bytes} bytes of the model’s response`)
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
        await closed(page)
      },
      GONE,
    )
  })

  test('a server that is gone before it said whom one can ask is a sentence, too', async () => {
    await using house = await startHouse()
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE)
    await page.route('**/targets', (route) => route.abort())
    await page.goto(house.url)
    await page
      .getByText('The playground does not answer. Is npm start still running? Then load this page again.')
      .waitFor()
    expect(await page.locator('#generate').isDisabled()).toBe(true)
    await page.close()
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
        await closed(page)
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
  const atEnd = (page: Page, column: string) =>
    page.evaluate(`(() => {
      const column = document.querySelector('${column}')
      return until(() => column.scrollTop > 0 && column.scrollHeight - column.scrollTop - column.clientHeight < 4)
    })()`)
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
      await page.getByRole('radio', { name: 'of the model' }).check()
      await atEnd(page, '.model-leg')
      await grows(page, '.bytes.model-leg')
      await atEnd(page, '.model-leg')
      await page.keyboard.press('Escape')
      await closed(page) // no more bytes will move it
      await page.getByRole('radio', { name: 'to this page' }).check()
      await atEnd(page, '.bytes.browser')
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
      await page.getByRole('radio', { name: 'of the model' }).check()
      await grows(page, '.bytes.browser')
      await page.getByRole('radio', { name: 'to this page' }).check()
      expect((await ends(page, '.bytes.browser')).scrollTop).toBe(scrollTop)
      await page.locator('.bytes.browser').press('End')
      await grows(page, '.bytes.browser')
      await atEnd(page, '.bytes.browser')
    })
  })

  test('the command for a terminal names the wire format and the prompt, and can be copied', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByLabel('Prompt').fill('Hi "there"!')
      await page.locator('#wire').selectOption('anthropic')
      const command = `curl -N --raw "${house.url}/events?wire=anthropic&prompt=Hi%20%22there%22%21"`
      expect(await page.locator('#commands code').allTextContents()).toEqual([command])
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByText('Copied.').waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command)

      await race(page, 'openai')
      const both = await page.locator('#commands code').allTextContents()
      expect(both.map((text) => /wire=\w+/.exec(text)?.[0])).toEqual(['wire=anthropic', 'wire=openai'])
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
    const nobody = { provider: openai({ baseUrl: 'http://127.0.0.1:1' }), model: 'm', simulated: false }
    await using house = await startHouse({ targets: { ...simulatedTargets(simulator.url), openai: nobody } })
    await visit(house, async (page) => {
      await race(page)
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
      await page.locator('#generate:enabled').waitFor()
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
      expect(await focused(page)).toBe('cut')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('wire')
    })
  })

  test('an answer stays until the next question, whatever wire format is chosen meanwhile', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await ask(page, 'hello')
      await complete(page)
      const answer = await page.locator('.answer').textContent()
      await page.locator('#wire').selectOption('anthropic')
      expect(await page.locator('.answer').textContent()).toBe(answer)
      expect(await page.locator('#note').textContent()).toBe('The next question goes to Anthropic Messages.')
      await page.getByRole('button', { name: 'Generate' }).click()
      await complete(page)
      expect(await page.locator('.lane .name').allTextContents()).toEqual(['Anthropic Messages'])
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
      await page.locator('#commands code', { hasText: 'rivers' }).waitFor()
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
      expect(await page.locator('dd.pieces').textContent()).toBe(`${await page.locator('.token').count()}`)
    })
  })

  const choose = (page: Page, id: string, value: string) => page.locator(`#${id}`).selectOption(value)
  const marks = (page: Page, leg: string) => page.locator(`.bytes.${leg} .mark`).allTextContents()

  /** Cuts the line with whatever presses the button, and lets the model speak while there is none. */
  async function cutBehind(page: Page, model: GatedModel, press: () => Promise<void>): Promise<void> {
    const cut = page.waitForResponse((response) => response.url().includes('/cut?'))
    await press()
    await cut
    model.go()
  }
  const pressCut = (page: Page) => page.getByRole('button', { name: 'Cut the line' }).click()

  test('a line that is cut comes back by itself, and nothing is lost or doubled', async () => {
    await using model = await startGatedModel(2)
    await using house = await startHouse({ targets: model.targets })
    await visit(
      house,
      async (page) => {
        await ask(page, 'Why do rivers bend?')
        await page
          .locator('.token')
          .nth(PART - 1)
          .waitFor()
        await cutBehind(page, model, () => pressCut(page))
        await complete(page)
        const said = (await page.evaluate('said')) as string[]
        expect(said).toContain('The line is cut; the browser reconnects…')
        expect(said.some((text) => /^Cut after event \d+; back after [\d.]+ s, Last-Event-ID/.test(text))).toBe(true)
        expect(await page.locator('.line').textContent()).toBe('Cut once and resumed: nothing lost, nothing doubled.')
        expect(await page.locator('.answer').textContent()).toBe(gatedText(2))
        const told = await marks(page, 'browser')
        expect(told).toHaveLength(2)
        expect(told[0]).toMatch(/Line 1 ends here\. Last event written: [0-9a-f]{8}\.\d+$/)
        expect(told[1]).toMatch(/Line 2\. Last-Event-ID: [0-9a-f]{8}\.\d+$/)
        // The bytes behind the marks are those of a second response, from the event behind the id on.
        const [, id = ''] = /ID: (.*)$/.exec(told[1] ?? '') ?? []
        const behind = await page.locator('.bytes.browser .resumed ~ .read').allTextContents()
        expect(behind[0]).toContain('HTTP/1.1 200 OK')
        const [, first] = /id: (\S+?)\\n/.exec(behind.join('')) ?? []
        expect(first).toBe(id.replace(/\d+$/, (number) => `${Number(number) + 1}`))
      },
      GONE,
    )
  })

  test('an event that came before is dropped, and one that never came is counted', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      const heard = await page.evaluate(`import('/order.js').then(({ createOrder }) => {
        const order = createOrder()
        const taken = [1, 2, 2, 1, 5, 6].map((number) => order.take('a.' + number))
        return { taken, last: order.last, verdict: order.verdict }
      })`)
      expect(heard).toEqual({ taken: [true, true, false, false, true, true], last: 6, verdict: '2 lost, 2 doubled' })
    })
  })

  test('in a race both lines are cut, and both answers go on', async () => {
    await using model = await startGatedModel(2)
    await using house = await startHouse({ targets: model.targets })
    await visit(
      house,
      async (page) => {
        await race(page, 'openai')
        await ask(page, 'hello')
        for (const lane of [0, 1])
          await page
            .locator('.lane')
            .nth(lane)
            .locator('.token')
            .nth(PART - 1)
            .waitFor()
        await cutBehind(page, model, () => pressCut(page))
        await complete(page, 2)
        const once = 'Cut once and resumed: nothing lost, nothing doubled.'
        expect(await page.locator('.line').allTextContents()).toEqual([once, once])
        expect(await page.locator('.answer').allTextContents()).toEqual([gatedText(2), gatedText(2)])
      },
      GONE,
    )
  })

  test('a race of any two wire formats ends with a table and a sentence that says who was first', async () => {
    await using house = await startHouse({ words: { min: 20, max: 20 } })
    await visit(house, async (page) => {
      for (const [one, other] of [
        ['openai-responses', 'gemini'],
        ['ollama', 'ollama'],
      ] as const) {
        await choose(page, 'wire', one)
        await race(page, other)
        await page.locator('#rival-model').fill('another-model')
        await ask(page, 'hello')
        await page.locator('#result').waitFor()
        await closed(page)
        expect(await states(page)).toEqual(['Complete.', 'Complete.'])
        expect(await page.locator('#note').textContent()).toMatch(/^First token: .* ahead\. Whole answer: .* ahead\.$/)
        expect(await page.locator('.lane .model').allTextContents()).toEqual(['· simulator', '· another-model'])
        const rows = await page
          .locator('#result tbody tr')
          .evaluateAll((all) =>
            Object.fromEntries(
              all.map(({ cells }) => [cells[0].textContent, [cells[1].textContent, cells[2].textContent]]),
            ),
          )
        expect(rows['outcome']).toEqual(['Complete.', 'Complete.'])
        expect(rows['burst factor'].every((text: string) => /^[01]\.\d\d$/.test(text))).toBe(true)
        expect(rows['bytes of the model’s response']).toEqual(await page.locator('dd.wire-bytes').allTextContents())
        expect(rows['of these, text'][0]).toBe(rows['of these, text'][1])
        for (const overhead of await page.locator('dd.overhead').allTextContents())
          expect(overhead).toMatch(/^× \d+\.\d$/)
      }
    })
  })

  test.each([
    ['cut-json', /^Cut: /, 'LLM_TRUNCATED'],
    ['error-in-the-middle', /^Overloaded: /, 'LLM_OVERLOADED'],
    ['bad-chunk-size', /^Broken: .*CHUNKED_BAD_SIZE/, 'LLM_PROTOCOL'],
    ['quota', /^Out of money: /, 'LLM_QUOTA'],
  ])('what goes wrong is told as what it was: %s', async (fault, state, code) => {
    await using house = await startHouse({ words: { min: 60, max: 60 } })
    await visit(house, async (page) => {
      await choose(page, 'fault', fault)
      expect(await page.locator('#fault-sentence').textContent()).toMatch(/\.$/)
      await ask(page, 'hello')
      await page.locator('.lane[data-state="failed"]').waitFor()
      expect((await states(page))[0]).toMatch(state)
      await page.locator('.bytes.model-leg .mark.failure', { hasText: code }).waitFor({ state: 'attached' })
      const last = await page.locator('.bytes.model-leg > :last-child').getAttribute('class')
      expect(last).toBe('read mark failure') // it stands where it happened
    })
  })

  test('a refusal that passes is asked again, and both requests are among the bytes', async () => {
    await using house = await startHouse({ words: { min: 20, max: 20 } })
    await visit(house, async (page) => {
      for (const _question of [1, 2]) {
        await choose(page, 'fault', 'overloaded-once')
        await ask(page, 'hello')
        await complete(page)
        const said = (await page.evaluate('said')) as string[]
        expect(said.some((text) => /^Attempt 1 failed; the next one in 1\.\d\d s\./.test(text))).toBe(true)
        await page.evaluate('said.length = 0')
        expect(await marks(page, 'model-leg')).toEqual([
          expect.stringMatching(/Request 2, on a connection of its own\.$/),
        ])
        expect(await page.locator('.bytes.model-leg').textContent()).toMatch(/503 Service Unavailable.*200 OK/s)
      }
    })
  })

  test('everything can be chosen, asked and cut from the keyboard, and each control has a name', async () => {
    await using model = await startGatedModel(2)
    await using house = await startHouse({ targets: model.targets })
    await visit(
      house,
      async (page) => {
        await page.locator('#generate:enabled').waitFor()
        await page.keyboard.type('hello')
        for (const id of ['generate', 'stop', 'cut', 'wire']) {
          await page.keyboard.press('Tab')
          expect(await focused(page)).toBe(id)
        }
        // As one does in a list. A browser takes letters that come a second apart for two words: then once more.
        do await page.keyboard.type('OpenAI C')
        while ((await page.locator('#wire').inputValue()) !== 'openai')
        await page.keyboard.press('Tab')
        expect(await focused(page)).toBe('model')
        for (const id of ['rival', 'fault']) {
          await page.keyboard.press('Tab')
          expect(await focused(page)).toBe(id)
        }
        for (const _back of [1, 2, 3, 4]) await page.keyboard.press('Shift+Tab')
        expect(await focused(page)).toBe('cut')
        await page.keyboard.press('Shift+Tab')
        await page.keyboard.press('Shift+Tab')
        await page.keyboard.press('Enter')
        await page
          .locator('.token')
          .nth(PART - 1)
          .waitFor()
        await page.keyboard.press('Tab')
        await page.keyboard.press('Tab')
        await cutBehind(page, model, () => page.keyboard.press('Space'))
        await page.locator('.bytes.browser .resumed').waitFor()
        expect(await focused(page)).toBe('cut')
        await complete(page)
        expect(await page.locator('.lane .name').textContent()).toBe('OpenAI Chat Completions')

        const nameless =
          await page.evaluate(`[...document.querySelectorAll('button, select, input, textarea, [tabindex]')]
          .filter(e => !(e.labels?.length || e.ariaLabel || e.textContent.trim() && e.tagName === 'BUTTON'
            || e.getAttribute('aria-labelledby'))).map(e => e.outerHTML)`)
        expect(nameless).toEqual([])
        const live = await page.evaluate(`[...document.querySelectorAll('.answer, .bytes, .numbers')]
          .filter(e => e.closest('[role=status], [role=alert], [aria-live]')).length`)
        expect(live).toBe(0) // a screen reader that says every token says nothing
      },
      GONE,
    )
  })

  test('without movement where the reader wants none', async () => {
    await using house = await startHouse()
    await visit(house, async (page) => {
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await ask(page, 'hello')
      await complete(page)
      const animated = await page.evaluate(`[...document.querySelectorAll('*')]
        .filter(e => getComputedStyle(e).animationName !== 'none').length`)
      expect(animated).toBe(0)
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
