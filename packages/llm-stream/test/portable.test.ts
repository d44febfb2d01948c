import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serve } from '@sse-from-scratch/chunked'
import type { Outcome } from '@sse-from-scratch/llm-stream'
import * as portable from '@sse-from-scratch/llm-stream/fetch'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createViteServer } from 'vitest/node'
import { bytes, chat, dataOnly, replying } from './wire.ts'

const SRC = new URL('../src/', import.meta.url)
const SCOPE = '@sse-from-scratch/'
/** The doors of the floors below that are open outside Node. */
const DOORS = new Map([
  ['@sse-from-scratch/http-raw/headers', '../../http-raw/src/headers.ts'],
  ['@sse-from-scratch/sse-client/decoder', '../../sse-client/src/decoder.ts'],
  ['@sse-from-scratch/sse-client/fetch', '../../sse-client/src/fetch.ts'],
  ['@sse-from-scratch/tcp-echo/limits', '../../tcp-echo/src/limits.ts'],
])
const IMPORT = /^(?:import|export)\b(?! type\b)[^'"]*?from\s+'([^']+)'/gm
const ANY_IMPORT = /^(?:import|export)\b[^'"]*?from\s+'([^']+)'/gm

/** Every module that `entry` loads at run time: files as URLs, anything else by its name. */
function reach(entry: string, how: RegExp = IMPORT, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  if (!entry.startsWith('file:')) return seen
  for (const [, from = ''] of readFileSync(new URL(entry), 'utf8').matchAll(how)) {
    const door = DOORS.get(from)
    if (from.startsWith('.')) reach(new URL(from, entry).href, how, seen)
    else reach(door === undefined ? from : new URL(door, SRC).href, how, seen)
  }
  return seen
}

const reachOf = (file: string, how?: RegExp) => reach(new URL(file, SRC).href, how)

describe('runs outside Node', () => {
  test.each(['./fetch.ts', './recording.ts'])('%s reaches no module of Node, and only doors that are open', (entry) => {
    expect([...reachOf(entry)].filter((module) => !module.startsWith('file:'))).toEqual([])
  })

  test.each(['./fetch.ts', './recording.ts'])('%s takes its types from these doors, too', (entry) => {
    const own = [...reachOf(entry, ANY_IMPORT)].filter((module) => module.startsWith(SRC.href))
    const froms = own.flatMap((module) => [...readFileSync(new URL(module), 'utf8').matchAll(ANY_IMPORT)])
    const doors = froms.map(([, from = '']) => from).filter((from) => !from.startsWith('.'))
    expect([...DOORS.keys()]).toEqual(expect.arrayContaining(doors))
  })

  test('the reach is measured: the package itself reaches the floors with sockets', () => {
    expect(reachOf('./index.ts')).toContain(`${SCOPE}sse-client/raw`)
    expect(reachOf('./fetch.ts').size).toBeGreaterThan(40)
  })

  test.each(['./fetch.ts', './recording.ts'])('%s reaches no name that only Node has', (entry) => {
    for (const module of reachOf(entry)) {
      expect(readFileSync(new URL(module), 'utf8'), module).not.toMatch(/\b(Buffer|process|setImmediate|require)\b[.(]/)
    }
  })
})

test('streamChat of the fetch entry takes a transport, and is the same in all else', async () => {
  const transport = replying([bytes(body)])
  const { complete, text } = await portable.streamChat(portable.openai(), chat, { transport }).outcome
  expect({ complete, text }).toEqual({ complete: true, text: 'tok' })
})

const body = dataOnly(
  { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'tok' } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  '[DONE]',
)
const ALLOWED = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'authorization, content-type',
}

/** Answers pages from anywhere: `/v1/chat/completions` with a token, `/moved/…` with a redirect, `/endless/…` for ever. */
async function modelServer() {
  let left = () => {}
  const gone = new Promise<void>((resolve) => {
    left = resolve
  })
  const server = await serve(async (request, respond) => {
    if (request.method === 'OPTIONS') return void (await respond(204, ALLOWED).then((empty) => empty.end()))
    if (request.target.startsWith('/moved')) {
      const moved = await respond(307, { ...ALLOWED, Location: '/v1/chat/completions' })
      return moved.end()
    }
    const stream = await respond(200, { ...ALLOWED, 'Content-Type': 'text/event-stream' })
    if (!request.target.startsWith('/endless')) {
      await stream.write(bytes(body))
      return stream.end()
    }
    await stream.write(bytes(body.slice(0, body.indexOf('\n\n') + 2)))
    const ping = setInterval(() => stream.write(bytes(': still here\n\n')).catch(() => {}), 10) // a FIN alone may be half a close
    await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()))
    clearInterval(ping)
    left()
  })
  const url = `http://127.0.0.1:${server.address.port}`
  return { url, gone, [Symbol.asyncDispose]: () => server.close(AbortSignal.abort()) }
}

describeWith(['chromium'], 'in Chromium, the sources as they are', () => {
  let browser: Awaited<ReturnType<typeof startChromium>>
  let vite: Awaited<ReturnType<typeof createViteServer>>
  let page: Awaited<ReturnType<typeof browser.newPage>>
  let entry = ''

  beforeAll(async () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url))
    vite = await createViteServer({
      root,
      configFile: false,
      logLevel: 'error',
      appType: 'custom',
      server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
      optimizeDeps: { noDiscovery: true },
      resolve: { conditions: ['@sse-from-scratch/source', 'module', 'browser'] },
      plugins: [
        {
          name: 'an empty page',
          configureServer: ({ middlewares }) => {
            middlewares.use('/page', (_request, response) => {
              response.setHeader('Content-Type', 'text/html').end('<!doctype html>')
            })
          },
        },
      ],
    })
    await vite.listen()
    const address = vite.httpServer?.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    entry = `${origin}/packages/llm-stream/src/fetch.ts`
    browser = await startChromium()
    page = await browser.newPage()
    await page.goto(`${origin}/page`)
  })
  afterAll(async () => {
    await browser?.close()
    await vite?.close()
  })

  /** What comes of asking `baseUrl`, in the page or in a worker of it. */
  async function outcomeIn(place: 'page' | 'worker', baseUrl: string): Promise<Outcome> {
    const program = `
      const { openai, streamChat } = await import(${JSON.stringify(entry)})
      const provider = openai({ baseUrl: ${JSON.stringify(baseUrl)}, apiKey: 'sk-browser' })
      const stream = streamChat(provider, ${JSON.stringify(chat)}, { retry: { attempts: 1 } })
      let seen = 0
      try { for await (const event of stream) if (event.kind === 'text' && ++seen && ${baseUrl.includes('endless')}) break } catch {}
      const { error, ...outcome } = await stream.outcome
      const result = JSON.parse(JSON.stringify({ ...outcome, seen, error: error && { code: error.code, message: error.message } }))
    `
    const source =
      place === 'page'
        ? `(async () => { ${program}; return result })()`
        : `new Promise((resolve, reject) => {
            const code = ${JSON.stringify(`(async () => { ${program}; postMessage(result) })()`)}
            const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' })
            worker.onmessage = ({ data }) => resolve(data)
            worker.onerror = (event) => reject(new Error(event.message))
          })`
    return page.evaluate(source) as Promise<Outcome>
  }

  test.each(['page', 'worker'] as const)('a %s streams an answer from another origin', async (place) => {
    await using server = await modelServer()
    expect(await outcomeIn(place, server.url)).toMatchObject({ complete: true, text: 'tok', seen: 1, attempts: 1 })
  })

  test('leaving the loop hangs up', async () => {
    await using server = await modelServer()
    expect(await outcomeIn('page', `${server.url}/endless`)).toMatchObject({
      text: 'tok',
      error: { code: 'LLM_ABORTED' },
    })
    await server.gone
  })

  test('a redirect, which a browser does not show, is LLM_STATUS', async () => {
    await using server = await modelServer()
    const { error } = await outcomeIn('page', `${server.url}/moved`)
    expect(error).toMatchObject({ code: 'LLM_STATUS', message: expect.stringContaining('check the base URL') })
  })

  test('nobody listening is LLM_CONNECT', async () => {
    const server = await modelServer()
    await server[Symbol.asyncDispose]()
    expect(await outcomeIn('page', server.url)).toMatchObject({ error: { code: 'LLM_CONNECT' } })
  })
})
