// Takes the pictures of the examples' pages, as npm run docs:pictures does. Needs Chromium.
import { fileURLToPath } from 'node:url'
import { start, startChromium } from '@sse-from-scratch/testkit'
import type { Page } from 'playwright-core'

interface Picture {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly colorScheme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  /** Brings the page where the picture is taken. */
  readonly play: (page: Page) => Promise<unknown>
}

const PICTURES: readonly Picture[] = [
  {
    name: 'streaming-text',
    program: 'streaming-text.ts',
    args: ['--interval', '60', '--cut', '20', '--quiet'],
    colorScheme: 'light',
    width: 760,
    height: 600,
    play: (page) => page.locator('#text span').nth(80).waitFor(),
  },
  {
    name: 'prompt-page',
    program: 'prompt-page.ts',
    args: ['--tokens-per-second', '40'],
    colorScheme: 'dark',
    width: 760,
    height: 600,
    async play(page) {
      await page.getByRole('textbox').fill('Why does a stream need an end?')
      await page.getByRole('textbox').press('Enter')
      await page.getByText(/^[6-9]\d pieces$/).waitFor()
    },
  },
]

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const NO_KEYS = { OPENAI_API_KEY: undefined, ANTHROPIC_API_KEY: undefined, LLM_BASE_URL: undefined }

await using browser = await startChromium()
for (const { name, program, args, play, colorScheme, width, height } of PICTURES) {
  const node = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', `examples/${program}`, '--port', '0']
  const ready = /(http:\/\/127\.0\.0\.1:\d+\/)/
  await using started = await start(process.execPath, [...node, ...args], { cwd: ROOT, env: NO_KEYS, ready })
  const page = await browser.newPage({ viewport: { width, height }, colorScheme })
  await page.goto(started.match[1] ?? '')
  await play(page)
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url)) })
  console.log(`docs/pictures/${name}.png`)
  await page.close()
}
