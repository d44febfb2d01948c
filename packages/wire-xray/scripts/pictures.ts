// Takes the pictures of the x-ray's page: part of npm run docs:pictures. Needs Chromium.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request, serve } from '@sse-from-scratch/chunked'
import { startChromium } from '@sse-from-scratch/testkit'
import { parseFaults } from '@sse-from-scratch/wire-xray/faults'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { createTimeline } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import type { Page } from 'playwright-core'

const PICTURES = [
  { name: 'xray-page', look: { viewport: { width: 1280, height: 1010 }, colorScheme: 'light' } },
  { name: 'xray-page-dark', look: { viewport: { width: 1280, height: 1010 }, colorScheme: 'dark' } },
  { name: 'xray-page-phone', look: { viewport: { width: 390, height: 1100 }, colorScheme: 'dark' } },
] as const

/** A token in the wire format of Chat Completions. */
function token(content: string): Uint8Array {
  const delta = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] }
  return new TextEncoder().encode(`data: ${JSON.stringify(delta)}\n\n`)
}

const server = await serve(async (_request, respond) => {
  const body = await respond(200, { 'Content-Type': 'text/event-stream' })
  for (const [
    n,
    word,
  ] of 'A stream needs an end so that whoever reads it knows that nothing is missing and whoever wrote it knows that it was read to its last byte and not only to the one before'
    .split(' ')
    .entries()) {
    await body.write(token(`${word} `))
    await sleep(15 + (n % 7) * 4)
  }
  await body.write(new TextEncoder().encode('data: [DONE]\n\n'))
  await body.end()
})
const now = () => performance.now()
const [seen, sent] = [createTimeline(), createTimeline()]
const tap = { now, withBytes: true }
const behind = await startProxy({ ...tap, target: `http://127.0.0.1:${server.address.port}`, onItem: sent.take })
const inFront = await startProxy({ ...tap, target: behind.url, faults: parseFaults('merge=200ms'), onItem: seen.take })
const response = await request(`${inFront.url}/v1/chat/completions`, { fields: { Connection: 'close' } })
await response.body.text()
for (const proxy of [inFront, behind]) await proxy.settled()

const view = await startWebView({
  title: 'a hop that corks its socket',
  taps: [
    { name: 'in front of the hop', exchanges: seen.exchanges },
    { name: 'behind it', exchanges: sent.exchanges },
  ],
})
const browser = await startChromium()
for (const { name, look } of PICTURES) {
  const page: Page = await browser.newPage(look)
  await page.goto(view.url)
  await page.locator('[aria-busy="false"] #boxes[data-drawn]').waitFor()
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
  await page.locator('.row.lit').first().waitFor()
  const width = await page.locator('#stairs').evaluate((canvas) => canvas.clientWidth)
  await page.locator('#stairs').hover({ position: { x: width * 0.54, y: 90 } }) // where much is held
  const path = fileURLToPath(new URL(`../../../docs/pictures/${name}.png`, import.meta.url))
  await page.screenshot({ path })
  console.log(`docs/pictures/${name}.png`)
  await page.close()
}
await browser.close()
for (const listener of [view, inFront, behind, server]) await listener[Symbol.asyncDispose]()
