// Takes the pictures of the documentation: npm run docs:pictures. Needs Chromium.
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { simulatedTargets, startServer } from '@sse-from-scratch/playground'
import { startChromium } from '@sse-from-scratch/testkit'
import type { Page } from 'playwright-core'

const PICTURES = [
  {
    name: 'playground',
    look: { viewport: { width: 1280, height: 760 }, colorScheme: 'light' },
    take: async (page: Page) => {
      await ask(page)
      await tokens(page, 90)
    },
  },
  {
    name: 'playground-side-by-side',
    look: { viewport: { width: 1440, height: 940 }, colorScheme: 'dark' },
    take: async (page: Page) => {
      await page.locator('#rival').selectOption('anthropic')
      await ask(page)
      await tokens(page, 90)
    },
  },
  {
    name: 'playground-cut',
    look: { viewport: { width: 1280, height: 760 }, colorScheme: 'light' },
    take: async (page: Page) => {
      await ask(page)
      await tokens(page, 40)
      await page.getByRole('button', { name: 'Cut the line' }).click()
      await page.locator('.bytes.browser .resumed').waitFor({ state: 'attached' })
      await tokens(page, 110)
      await page.locator('.bytes.browser .cut').evaluate((mark) => mark.scrollIntoView({ block: 'center' }))
    },
  },
  {
    name: 'playground-phone',
    look: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    take: async (page: Page) => {
      await page.locator('#wire').selectOption('gemini')
      await page.locator('#fault').selectOption('cut-json')
      await page.getByRole('radio', { name: 'of the model' }).check()
      await ask(page)
      await page.locator('.lane[data-state="failed"]').waitFor()
      await page.locator('.bytes.model-leg .failure').waitFor()
    },
  },
] as const

const simulator = await startSimulator({ tokensPerSecond: 60 })
const server = await startServer({ targets: simulatedTargets(simulator.url) })
const browser = await startChromium()
for (const { name, look, take } of PICTURES) {
  const page = await browser.newPage(look)
  await page.goto(`http://127.0.0.1:${server.address.port}/`)
  await take(page)
  const path = fileURLToPath(new URL(`../../../docs/pictures/${name}.png`, import.meta.url))
  await page.screenshot({ path, fullPage: name.endsWith('phone') })
  console.log(`docs/pictures/${name}.png`)
  await page.close()
}
await browser.close()
await server[Symbol.asyncDispose]()
await simulator[Symbol.asyncDispose]()

async function ask(page: Page): Promise<void> {
  await page.getByLabel('Prompt').fill('Why does a stream need an end?')
  await page.getByRole('button', { name: 'Generate' }).click()
}

async function tokens(page: Page, count: number): Promise<void> {
  await page.locator('.token').nth(count).waitFor()
}
