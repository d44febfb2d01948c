import { isDeepStrictEqual } from 'node:util'
import {
  describeWith,
  run,
  startApache,
  startCaddy,
  startChromium,
  startHaproxy,
  startNginx,
  startSquid,
  startVarnish,
  toolVersion,
} from '@sse-from-scratch/testkit'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, test } from 'vitest'
import { diagnose } from '../../src/diagnose/index.ts'
import { startProxy } from '../../src/proxy/index.ts'
import { createTimeline } from '../../src/timeline/index.ts'
import { agreed, wrongIn } from './agreed.ts'
import { startOrigin } from './origin.ts'

type Start = (upstream: number) => Promise<AsyncDisposable & { readonly port: number }>

/** A proxy, what is asked through it, and what is to be said of the answer, whoever asks. */
type Case = readonly [name: string, start: Start, path: string, expected: readonly string[]]

const STOCK = 'proxy_http_version 1.0;'

describeWith(
  ['curl', 'chromium', 'nginx', 'haproxy', 'caddy', 'apache', 'varnish', 'squid'],
  'clients of others',
  (tools) => {
    const [curl, chromium, , , caddy] = tools
    const compresses = /^2\.[0-8]\./.test(caddy ? toolVersion(caddy) : '') ? ['COMPRESSOR_NOT_FLUSHED'] : []
    const CASES: readonly Case[] = [
      ['nginx', (upstream) => startNginx({ upstream, location: STOCK }), '/short', ['BURST_AFTER_SILENCE']],
      ['HAProxy', (upstream) => startHaproxy({ upstream }), '/long', ['TIME_QUANTUM_200MS']],
      ['Caddy', (upstream) => startCaddy({ upstream, site: 'encode gzip' }), '/wide', compresses],
      ['Apache', (upstream) => startApache({ upstream }), '/short', []],
      [
        'Varnish',
        (upstream) => startVarnish({ upstream, backendResponse: 'set beresp.do_gzip = true;' }),
        '/short',
        ['COMPRESSOR_NOT_FLUSHED'],
      ],
      ['Squid', (upstream) => startSquid({ upstream }), '/short', []],
    ]
    let origin: Awaited<ReturnType<typeof startOrigin>>
    let browser: Awaited<ReturnType<typeof startChromium>>
    beforeAll(async () => {
      origin = await startOrigin()
      browser = await startChromium(chromium ? { tool: chromium } : {})
    })
    afterAll(async () => {
      await browser?.close()
      await origin?.[Symbol.asyncDispose]()
    })

    /** Each asks the tap, and reads to the end. */
    const CLIENTS: Readonly<Record<string, (origin: string, path: string) => Promise<unknown>>> = {
      curl: (tap, path) => run(curl?.path ?? 'curl', ['-sN', '--compressed', tap + path]),
      async undici(tap, path) {
        const dispatcher = new Agent({ pipelining: 0 }) // no connection is kept for the next tap
        await (await fetch(tap + path, { dispatcher })).text()
        await dispatcher.close()
      },
      async chromium(tap, path) {
        const page = await browser.newPage()
        await page.goto(`${tap}/page`)
        await page.evaluate(
          (url) =>
            new Promise<void>((resolve) => {
              const source = new EventSource(url)
              source.onerror = () => {
                source.close() // the stream is over: it would ask again
                resolve()
              }
            }),
          path,
        )
        await page.close()
      },
    }

    test.each(CASES)('see what the probe sees through %s', { timeout: 60_000 }, async (_, start, path, expected) => {
      await using hop = await start(origin.port)
      const told = new Set<string>()
      async function seen(): Promise<object> {
        const timeline = createTimeline()
        await using tap = await startProxy({
          target: `http://127.0.0.1:${hop.port}`,
          withBytes: true,
          onItem: timeline.take,
        })
        // HAProxy lets go of what Chromium asks for every 165 ms: a clump, and no 200 ms
        const names = Object.keys(CLIENTS).filter((name) => !path.startsWith('/long') || name !== 'chromium')
        await Promise.all(names.map((name) => CLIENTS[name]?.(new URL(tap.url).origin, `${path}?${name}`)))
        await tap.settled()
        return Object.fromEntries(
          names.map((name) => {
            const exchange = timeline.exchanges.find(({ request }) => request.target === `${path}?${name}`)
            const codes = exchange && wrongIn(diagnose(exchange)).filter((code) => code !== 'HEAD_HELD')
            if (isDeepStrictEqual(codes, expected)) told.add(name) // that another was late, then, is no reason to ask it again
            return [name, told.has(name) ? expected : codes]
          }),
        )
      }
      const everybody = { curl: expected, undici: expected, ...(path !== '/long' && { chromium: expected }) }
      await agreed(seen, everybody)
    })
  },
)
