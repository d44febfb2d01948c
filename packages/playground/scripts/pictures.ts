// Takes the pictures of the documentation: npm run docs:pictures. Needs Chromium.
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { simulatedTargets, startServer } from '@sse-from-scratch/playground'
import { startChromium } from '@sse-from-scratch/testkit'

const PICTURES = [
  { name: 'playground', viewport: { width: 1280, height: 760 }, colorScheme: 'light', wire: 'OpenAI' },
  {
    name: 'playground-side-by-side',
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    wire: 'Side by side',
  },
] as const

const simulator = await startSimulator({ tokensPerSecond: 60 })
const server = await startServer({ targets: simulatedTargets(simulator.url) })
const browser = await startChromium()
for (const { name, wire, ...look } of PICTURES) {
  const page = await browser.newPage(look)
  await page.goto(`http://127.0.0.1:${server.address.port}/`)
  await page.getByRole('radio', { name: wire }).check()
  await page.getByLabel('Prompt').fill('Why does a stream need an end?')
  await page.getByRole('button', { name: 'Generate' }).click()
  await page.locator('.token').nth(90).waitFor()
  const path = fileURLToPath(new URL(`../../../docs/pictures/${name}.png`, import.meta.url))
  await page.screenshot({ path })
  console.log(`docs/pictures/${name}.png`)
  await page.close()
}
await browser.close()
await server[Symbol.asyncDispose]()
await simulator[Symbol.asyncDispose]()
