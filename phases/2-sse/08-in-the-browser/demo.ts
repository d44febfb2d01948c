import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { EventSource } from '@sse-from-scratch/sse-client'
import { findTool, startChromium } from '@sse-from-scratch/testkit'
import { handler } from '#ex/08-in-the-browser'

// Your page and your events, a server that goes away in between, and somebody who looks: Chromium if it is there, and you.
const ticks = { count: 8, gapMs: 150 }
let start = performance.now()
const say = (who: string, text: string) =>
  console.log(`${`${Math.round(performance.now() - start)}`.padStart(5)} ms  ${who.padEnd(8)} ${text}`)

async function serve(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const id = request.headers['last-event-id']
    try {
      handler(request, response, ticks)
    } catch (error) {
      say('handler', error instanceof Error ? error.message : `${error}`)
      response.destroy()
    }
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : 'no answer'
      say('server', `${request.method} ${request.url}${id ? `   Last-Event-ID: ${id}` : ''}   ${status}`)
    })
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return server
}

async function kill(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

const first = await serve(0)
const { port } = first.address() as AddressInfo
const url = `http://127.0.0.1:${port}/`
console.log(`Open it: ${url}   (each request is shown when it is over)\n`)

const browser = findTool('chromium') && (await startChromium())
const page = await browser?.newPage()
const source = page ? undefined : new EventSource(`${url}events`)
source?.addEventListener('tick', ({ data }: MessageEvent) => say('client', data))
start = performance.now() // a browser takes a while to begin
await page?.goto(url).catch(() => say('browser', 'gets no page'))

await pause(600)
say('server', 'is killed')
await kill(first)
await pause(400)
say('server', 'is there again')
const second = await serve(port)
await pause(1600)

if (page) {
  const shown = await page.locator('#ticks li').allTextContents()
  const state = await page
    .locator('#state')
    .textContent({ timeout: 500 })
    .catch(() => 'missing')
  say('browser', `the page shows ${shown.length} ticks, and is ${state}`)
  console.log(shown.map((text) => `                  · ${text}`).join('\n'))
}
source?.close()
await kill(second)
await browser?.close()
