import { fileURLToPath } from 'node:url'
import type { EventStreamItem, ServerSentEvent } from '@sse-from-scratch/sse-client'
import { describeWith, startChromium } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createViteServer } from 'vitest/node'
import { CASES_OUTVOTED, isAbout } from './cases-outvoted.ts'
import { SENTENCES } from './decoder-cases/index.ts'
import { hearAll } from './hear-all.ts'

const CASES = SENTENCES.flatMap(({ says, cases }) => cases.map((one) => ({ says, ...one })))
const OUTVOTED = CASES_OUTVOTED.filter(({ judge }) => judge === 'chromium')

/** What an EventSource hears of a stream. It says nothing of comments and times. */
function heard(seen: readonly EventStreamItem[]): readonly ServerSentEvent[] {
  return seen.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
}

describeWith(['chromium'], 'in Chromium, the sources as they are, module by module', () => {
  let browser: Awaited<ReturnType<typeof startChromium>>
  let vite: Awaited<ReturnType<typeof createViteServer>>
  let page: Awaited<ReturnType<typeof browser.newPage>>

  beforeAll(async () => {
    vite = await createViteServer({
      root: fileURLToPath(new URL('../../../', import.meta.url)),
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
            middlewares.use('/case', ({ url = '' }, response) => {
              response.setHeader('Content-Type', 'text/event-stream').end(CASES[Number(url.slice(1))]?.stream)
            })
          },
        },
      ],
    })
    await vite.listen()
    const address = vite.httpServer?.address()
    browser = await startChromium()
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/page`)
  }, 300_000) // for a machine that does much else

  afterAll(async () => {
    await browser?.close()
    await vite?.close()
  })

  test('every case of every sentence is read as in Node, at every cut', async () => {
    const modules = new Set<string>()
    page.on('request', (request) => modules.add(new URL(request.url()).pathname))
    const result = await page.evaluate(`(async () => {
      const { createEventDecoder } = await import('/packages/sse-client/src/fetch.ts')
      const { SENTENCES } = await import('/packages/sse-client/test/decoder-cases/index.ts')
      const { differencesIn } = await import('/packages/sse-client/test/decoder-cases/read.ts')
      const cases = SENTENCES.flatMap(({ cases }) => cases)
      const differences = cases.flatMap((one) => differencesIn(createEventDecoder, one).map((seen) => ({ why: one.why, seen })))
      return { read: cases.length, differences, hasBuffer: 'Buffer' in globalThis }
    })()`)
    expect(result).toEqual({ read: CASES.length, differences: [], hasBuffer: false })
    expect([...modules]).toContain('/packages/sse-client/src/whole-lines.ts')
  }, 300_000)

  test('its own EventSource hears in every case what the standard says, but those that docs/judges.md lists', async () => {
    const wanted = CASES.map(({ seen }) => heard(seen))
    const types = wanted.map((events) => events.map(({ type }) => type))
    const theirs = (await page.evaluate(`(${hearAll})(${JSON.stringify(types)})`)) as readonly object[][]
    const unlisted = CASES.flatMap(({ says, why }, nth) => {
      if (JSON.stringify(theirs[nth]) === JSON.stringify(wanted[nth])) return []
      return OUTVOTED.some((row) => isAbout(row, says, why)) ? [] : [{ why, theirs: theirs[nth], ours: wanted[nth] }]
    })
    expect(unlisted).toEqual([])
  }, 300_000)
})
