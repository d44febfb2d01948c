import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asBytes, asText, expect, mistake, within } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import { afterEach, test } from 'vitest'
import { handler } from '#ex/08-in-the-browser'
import type { Ticks } from './contract.ts'

const plainType = mistake<{ type: string }>(
  'plain-type',
  'An EventSource reads only an answer of the type text/event-stream. With any other type it fails, and never comes back (HTML §9.2.3).',
  ({ type }) => !type.startsWith('text/event-stream'),
)
const noName = mistake<readonly string[]>(
  'no-name',
  'The events have no `event:` line. They are of the type "message" then, and who listens for "tick" hears nothing (HTML §9.2.6).',
  (got) => got.some((event) => event.startsWith('message')),
)
const noId = mistake<readonly string[]>(
  'no-id',
  'The events have no `id:` line. Whoever comes back has nothing to say in Last-Event-ID, and hears everything again (HTML §9.2.4).',
  (got) => got.some((event) => event.includes('no id')),
)
const allAtTheEnd = mistake<Uint8Array>(
  'all-at-the-end',
  'The events wait in your server until the last one is there. Write each of them when it is due: that is what a stream is for.',
  (got) => !asText(got).includes('tick'),
)
const startsOver = mistake<readonly string[]>(
  'starts-over',
  'The request says what was heard: `last-event-id` is among its headers. You begin with the first tick again (HTML §9.2.4).',
  (got) => got[0]?.includes('1 of') === true,
)
const never204 = mistake<{ status: number }>(
  'never-204',
  'A stream that just ends is opened again: the browser will ask for ever. With 204 you tell it not to come back (HTML §9.2).',
  ({ status }) => status === 200,
)
const keepsTimer = mistake<{ writesForTheGone: boolean }>(
  'keeps-timer',
  'The client has left, and your timer goes on. Each client that leaves adds one. Stop it when the response is closed.',
  ({ writesForTheGone }) => writesForTheGone,
)
const onmessageOnly = mistake<{ listensForTick: boolean }>(
  'onmessage-only',
  '`onmessage` hears events without a name. For `event: tick` you need addEventListener("tick", …) (HTML §9.2.6).',
  ({ listensForTick }) => !listensForTick,
)
const dataAsHtml = mistake<{ readsDataAsHtml: boolean }>(
  'data-as-html',
  'The data goes into the page as HTML. If a server passes on what somebody else wrote, that somebody can run scripts in your page. Use textContent.',
  ({ readsDataAsHtml }) => readsDataAsHtml,
)

const THREE: Ticks = { count: 3, gapMs: 5 }

let isRightSoFar = true
afterEach(({ task }) => {
  if (task.result?.state === 'fail') isRightSoFar = false
})

test('/ is the page', async () => {
  await using server = await serve(THREE)
  const response = await server.ask('/')
  const page = await response.text()
  const type = response.headers.get('content-type') ?? 'none'
  expect({ status: response.status, isHtml: type.startsWith('text/html') }).toMean({ status: 200, isHtml: true })
  expect({ ticks: page.includes('id="ticks"'), state: page.includes('id="state"') }).toMean({
    ticks: true,
    state: true,
  })
})

test('the page listens for the events by their name, and shows their data as text', async () => {
  await using server = await serve(THREE)
  const page = await (await server.ask('/')).text()
  const code = page.replaceAll(/\/\/.*$|<!--[\s\S]*?-->/gm, '')
  expect({
    opensEvents: /new EventSource\(\s*["'`]\.?\/?events["'`]/.test(code),
    listensForTick: /addEventListener\(\s*["'`]tick["'`]/.test(code),
    readsDataAsHtml: /innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(code),
  }).toMean(
    { opensEvents: true, listensForTick: true, readsDataAsHtml: false },
    { mistakes: [onmessageOnly, dataAsHtml] },
  )
})

test('/events is an event stream', async () => {
  await using server = await serve(THREE)
  const { status, headers, body } = await server.ask('/events')
  await body?.cancel()
  expect({ status, type: headers.get('content-type') ?? 'none' }).toMean(
    { status: 200, type: expectedType(headers) },
    { mistakes: [plainType] },
  )
})

test('it sends a reconnection time, and then each tick with its name and its id', async () => {
  await using server = await serve(THREE)
  const heard = await server.hear()
  expect(heard.ticks).toMean(['tick 1: 1 of 3', 'tick 2: 2 of 3', 'tick 3: 3 of 3'], { mistakes: [noName, noId] })
  expect(heard.retry).toMean(100)
})

test('each tick is sent when it is due, not at the end', async () => {
  await using server = await serve({ count: 1000, gapMs: 5 })
  let arrived = ''
  const first = async () => {
    const { body } = await server.ask('/events')
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    while (!arrived.includes('1 of 1000')) arrived += asText((await reader.read()).value ?? new Uint8Array(0))
    await reader.cancel()
  }
  await within(1500, first(), 'the first of 1000 ticks', () => asBytes(arrived), [allAtTheEnd])
  expect(arrived.includes('1000 of 1000')).toMean(false)
})

test('who has heard 2 goes on with 3', async () => {
  await using server = await serve(THREE)
  expect((await server.hear('2')).ticks).toMean(['tick 3: 3 of 3'], { mistakes: [startsOver] })
})

test('who has heard them all is told not to come back: 204', async () => {
  await using server = await serve(THREE)
  const { status } = await server.ask('/events', { 'Last-Event-ID': '3' })
  expect({ status }).toMean({ status: 204 }, { mistakes: [never204] })
})

test('when a client has left, nothing more is written for it', async () => {
  await using server = await serve({ count: 20, gapMs: 5 })
  const { body } = await server.ask('/events')
  await body?.cancel()
  await within(2000, server.oneHasLeft, 'the server to see that the client has left')
  await server.hear() // another one, for twenty ticks: time enough for a timer that was forgotten
  expect({ writesForTheGone: server.writesAfterClose > 0 }).toMean(
    { writesForTheGone: false },
    { mistakes: [keepsTimer] },
  )
})

test('anything else is not found', async () => {
  await using server = await serve(THREE)
  const { status } = await server.ask('/favicon.ico')
  expect({ status }).toMean({ status: 404 })
})

test('an EventSource that you did not write hears every tick once, and then closes', async () => {
  const { EventSource } = await import('undici')
  await using server = await serve(THREE)
  const source = new EventSource(`${server.url}events`)
  const heard: string[] = []
  source.addEventListener('tick', (event) => heard.push((event as MessageEvent).data))
  const closed = new Promise<void>((resolve) => {
    source.addEventListener('error', () => source.readyState === EventSource.CLOSED && resolve())
  })
  try {
    await within(3000, Promise.race([closed, server.failed]), 'undici to be told not to come back')
  } finally {
    source.close()
  }
  expect(heard).toMean(['1 of 3', '2 of 3', '3 of 3'])
})

describeWith(['chromium'], 'Chromium', () => {
  const count = 500 // so many that the first server cannot be done before it is killed

  test('the page shows every tick once, although the server is killed and comes back', {
    timeout: 180_000,
  }, async ({ skip }) => {
    if (!isRightSoFar) skip('a browser is started when everything before is right')
    await using first = await serve({ count, gapMs: 100 })
    await using browser = await startChromium()
    const page = await browser.newPage()
    await page.goto(first.url)
    const until = async (condition: string, what: string) => {
      const waits = page.waitForFunction(condition, undefined, { timeout: 50_000 })
      await waits.catch(async () => {
        const state = await page.locator('#state').textContent({ timeout: 500 })
        const ticks = await page.locator('#ticks li').count()
        throw new Error(`waited for the page to ${what}, in vain: its state is "${state}", and it shows ${ticks} ticks`)
      })
    }
    await until('document.querySelectorAll("#ticks li").length >= 2', 'show two ticks')
    await first.kill()
    await until('document.querySelector("#state").textContent === "connecting"', 'say that it is connecting again')
    await using second = await serve({ count, gapMs: 1 }, first.port)
    await until(
      'document.querySelector("#state").textContent === "closed"',
      'say that it is closed, after the last tick',
    )
    const shown = await page.locator('#ticks li').allTextContents()
    expect(shown).toMean(Array.from({ length: count }, (_, at) => `${at + 1} of ${count}`))
    expect(second.lastEventIds.every((id) => Number(id) >= 2)).toMean(true)
    await page.close()
  })
})

/** A type that is right may have parameters; a wrong one is shown beside what was wanted. */
function expectedType(headers: Headers): string {
  const type = headers.get('content-type') ?? ''
  return /^text\/event-stream *(;|$)/i.test(type) ? type : 'text/event-stream'
}

/** Your handler behind node:http, and what a test wants to see of it. */
async function serve(ticks: Ticks, port = 0) {
  let fail = (_error: unknown) => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  let left = () => {}
  const oneHasLeft = new Promise<void>((resolve) => {
    left = resolve
  })
  const seen = { writesAfterClose: 0, lastEventIds: [] as string[] }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('Connection', 'close')
    if (request.url === '/events') seen.lastEventIds.push(`${request.headers['last-event-id']}`)
    const write = response.write.bind(response) as ServerResponse['write']
    response.write = ((...args: Parameters<ServerResponse['write']>) => {
      if (response.closed) seen.writesAfterClose++
      return write(...args)
    }) as ServerResponse['write']
    response.once('close', left)
    try {
      handler(request, response, ticks)
    } catch (error) {
      fail(error)
      response.destroy()
    }
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const address = server.address() as AddressInfo
  const url = `http://127.0.0.1:${address.port}/`

  /** Unless the handler throws: then that is the answer. */
  function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const answer = fetch(new URL(path, url), { headers })
    answer.catch(() => {})
    const end = answer.catch(() => Promise.race([failed, answer]))
    return within(2000, Promise.race([end, failed]), `the head of an answer to GET ${path}`)
  }

  async function kill(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  return {
    url,
    port: address.port,
    failed,
    oneHasLeft,
    ask,
    kill,
    get writesAfterClose() {
      return seen.writesAfterClose
    },
    get lastEventIds(): readonly string[] {
      return seen.lastEventIds
    },
    /** A whole stream, decoded: `type id: data`. */
    async hear(lastEventId?: string): Promise<{ ticks: string[]; retry: number | undefined }> {
      const response = await ask('/events', lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId })
      const bytes = await within(3000, response.arrayBuffer(), 'the end of the stream')
      const ticks: string[] = []
      let retry: number | undefined
      createEventDecoder().push(new Uint8Array(bytes), (item) => {
        if (item.kind === 'retry') retry = item.milliseconds
        if (item.kind !== 'event') return
        const { type, data, lastEventId: id } = item.event
        ticks.push(`${type} ${id || '(no id)'}: ${data}`)
      })
      return { ticks, retry }
    },
    [Symbol.asyncDispose]: kill,
  }
}
