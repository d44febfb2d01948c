import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@sse-from-scratch/chunked'
import { readEvents, type ServerSentEvent } from '@sse-from-scratch/sse-client'
import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { connect } from '@sse-from-scratch/tcp-echo'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Program, startProgram } from './program.ts'

let fast: Program
let slow: Program
let odd: Program
let model: OddModel

beforeAll(async () => {
  model = await startOddModel()
  ;[fast, slow, odd] = await Promise.all([
    startProgram('prompt-page', ['--tokens-per-second', '0']),
    startProgram('prompt-page', ['--tokens-per-second', '10']),
    startProgram('prompt-page', [], { LLM_BASE_URL: `http://127.0.0.1:${model.port}/v1`, LLM_MODEL: 'odd' }),
  ])
}, 120_000)
afterAll(() => Promise.all([fast, slow, odd, model].map((started) => started?.[Symbol.asyncDispose]())))

/** Two browser pages and a program that starts take their time where many tests run. */
const BUSY = { timeout: 180_000 }

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

interface OddModel extends AsyncDisposable {
  readonly port: number
  /** Resolves with the reason when somebody has left it alone in its thoughts. */
  readonly hungUp: Promise<unknown>
}

/** A model that does what the prompt says: it thinks for ever, fails, or answers with markup. */
async function startOddModel(): Promise<OddModel> {
  let tellHungUp: (reason: unknown) => void = () => {}
  const hungUp = new Promise((resolve) => {
    tellHungUp = resolve
  })
  const server = await serve(async (request, respond) => {
    const asked = await request.body.text()
    if (asked.includes('fail')) return void (await respond(500, {}, 'no'))
    if (asked.includes('markup')) {
      const events = [
        { choices: [{ index: 0, delta: { content: MARKUP } }] },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      ].map((event) => `data: ${JSON.stringify(event)}\n\n`)
      return void (await respond(200, EVENT_STREAM_HEADERS, `${events.join('')}data: [DONE]\n\n`))
    }
    const body = await respond(200, EVENT_STREAM_HEADERS)
    while (!body.signal.aborted) {
      // Only writing finds out that the reader has left.
      await body.write(new TextEncoder().encode(': thinking\n\n')).catch(() => {})
      await sleep(10)
    }
    tellHungUp(body.signal.reason)
  })
  return { port: server.address.port, hungUp, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

function ask({ url }: Program, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/answer`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })
}

async function eventsIn(response: Response): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = []
  for await (const event of readEvents(response)) events.push(event)
  return events
}

describe('POST /answer', () => {
  test('answers with tokens as events, and an end that says why', async () => {
    const response = await ask(fast, '{"prompt":"hello"}')
    expect(response.headers.get('content-type')).toBe(EVENT_STREAM_HEADERS['Content-Type'])
    const events = await eventsIn(response)
    expect(new Set(events.slice(0, -1).map(({ type }) => type))).toEqual(new Set(['token']))
    expect(events.length).toBeGreaterThan(20)
    expect(events.at(-1)).toMatchObject({ type: 'end', data: expect.stringContaining('"stopReason":"stop"') })
  })

  test.each([
    ['without a prompt', '{"prompt":"  "}', {}, 400],
    ['that is not JSON', 'hello', {}, 400],
    ['whose JSON is null', 'null', {}, 400],
    ['of another type, as a form would send it', '{"prompt":"x"}', { 'Content-Type': 'text/plain' }, 415],
    ['of another site', '{"prompt":"x"}', { Origin: 'http://example.com' }, 403],
    ['with a prompt that is too long', JSON.stringify({ prompt: 'x'.repeat(16_001) }), {}, 413],
    ['with a body that is too long', JSON.stringify({ prompt: 'x'.repeat(70_000) }), {}, 413],
  ])('refuses a request %s', async (_, body, headers, status) => {
    expect((await ask(fast, body, headers as Record<string, string>)).status).toBe(status)
  })

  test('refuses a name that was pointed at this machine', async () => {
    await using connection = await connect({ port: fast.port })
    await connection.write(new TextEncoder().encode('GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n'))
    expect(Buffer.from((await connection.read()) ?? []).toString()).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('hangs up on the model when nobody listens any more', async () => {
    const leaving = new AbortController()
    const headers = { 'Content-Type': 'application/json' }
    const body = '{"prompt":"think"}'
    await fetch(`${odd.url}/answer`, { method: 'POST', headers, body, signal: leaving.signal })
    leaving.abort()
    expect(await model.hungUp).toBeInstanceOf(Error)
  })

  test('says as an event what is wrong with the model', async () => {
    const [event] = await eventsIn(await ask(odd, '{"prompt":"fail"}'))
    expect(event).toMatchObject({ type: 'failure', data: expect.stringContaining('LLM_STATUS') })
    expect(odd.process.output).not.toContain('Error')
  })
})

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  /** A test that ends with an unexpected error in its console fails. */
  async function visit(program: Program, body: (page: Page) => Promise<void>, expected = /^$/): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(program.url)
    await body(page)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'it scrolls sideways').toBe(true)
    await page.close()
    expect(complaints.filter((text) => !expected.test(text))).toEqual([])
  }

  /** They grow while we look, so no exact number can be waited for. */
  function untilPieces(page: Page, least: number): Promise<unknown> {
    return page.evaluate(`new Promise((resolve) => {
      const count = document.querySelector('#count')
      const look = () => Number.parseInt(count.textContent) >= ${least} && resolve()
      new MutationObserver(look).observe(count, { childList: true, characterData: true, subtree: true })
      look()
    })`)
  }

  test('Enter sends, the answer grows piece by piece, and its end is said', BUSY, async () => {
    await visit(slow, async (page) => {
      await page.getByRole('textbox').fill('Why do rivers bend?')
      await page.getByRole('textbox').press('Enter')
      await untilPieces(page, 2)
      expect(await page.getByRole('status').textContent()).toBe('asking…')
      await untilPieces(page, 4)
    })
    await visit(fast, async (page) => {
      await page.getByRole('textbox').fill('Why do rivers bend?')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText(/^complete \(stop\), \d+ tokens$/).waitFor()
      expect((await page.getByRole('region').textContent())?.length).toBeGreaterThan(100)
    })
  })

  test.each([
    ['the button', (page: Page) => page.getByRole('button', { name: 'Stop' }).click()],
    ['Escape', (page: Page) => page.keyboard.press('Escape')],
  ])('%s stops the answer and keeps what came', BUSY, async (_, stop) => {
    await visit(slow, async (page) => {
      await page.getByRole('textbox').fill('hello')
      await page.getByRole('textbox').press('Enter')
      await untilPieces(page, 2)
      await stop(page)
      await page.getByText('stopped').waitFor()
      expect(await page.getByRole('region').textContent()).not.toBe('')
    })
  })

  test('markup from a model stays text', async () => {
    await visit(odd, async (page) => {
      await page.getByRole('textbox').fill('markup')
      await page.getByRole('textbox').press('Enter')
      await page.getByText(/^complete/).waitFor()
      expect(await page.getByRole('region').textContent()).toBe(MARKUP)
      expect(await page.getByRole('region').evaluate((region) => region.childElementCount)).toBe(0)
      expect(await page.title()).toBe('Prompt')
    })
  })

  test('a stream that ends politely without saying so is a cut, whatever its line ends are', async () => {
    await visit(fast, async (page) => {
      const body = ': hello\r\nevent: token\r\ndata: "half "\r\n\r\nevent:token\rdata\rdata:"an answer"\r\revent: end\n'
      await page.route('**/answer', (route) => route.fulfill({ body, contentType: 'text/event-stream' }))
      await page.getByRole('textbox').fill('hello')
      await page.getByRole('textbox').press('Enter')
      await page.getByText('The answer broke off: the stream was cut').waitFor()
      expect(await page.getByRole('region').textContent()).toBe('half an answer')
    })
  })

  test('a server that goes away in the middle is an error, not an end', BUSY, async () => {
    await using program = await startProgram('prompt-page', ['--tokens-per-second', '20'])
    await visit(
      program,
      async (page) => {
        await page.getByRole('textbox').fill('hello')
        await page.getByRole('textbox').press('Enter')
        await untilPieces(page, 2)
        await program.process.stop('SIGKILL')
        await page.getByText(/^The answer broke off: /).waitFor()
        await page.getByRole('textbox').press('Enter')
        await page.getByText(/^No answer: /).waitFor()
      },
      /ERR_CONNECTION_(REFUSED|RESET)|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/,
    )
  })
})
