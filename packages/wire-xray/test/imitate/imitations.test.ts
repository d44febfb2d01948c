import { gunzipSync } from 'node:zlib'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import {
  describeWith,
  type RealProxy,
  startCaddy,
  startHaproxy,
  startNginx,
  startVarnish,
  toolVersion,
} from '@sse-from-scratch/testkit'
import { imitationOf } from '@sse-from-scratch/wire-xray/faults'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHop } from '../faults/hop.ts'
import { EVENT_SIZE, EVENTS, probe, type Shape, startOrigin } from './probe.ts'

/** The real one and its imitation, in front of the same server. */
function side(
  name: string,
  startReal: (upstream: number) => Promise<Pick<RealProxy, 'port' | typeof Symbol.asyncDispose>>,
) {
  let origin: Awaited<ReturnType<typeof startOrigin>>
  let real: Awaited<ReturnType<typeof startReal>>
  let hop: Listener
  beforeAll(async () => {
    origin = await startOrigin()
    real = await startReal(origin.port)
    hop = await startHop(origin.port, imitationOf(name))
  })
  afterAll(async () => {
    for (const each of [hop, real, origin]) await each?.[Symbol.asyncDispose]()
  })
  return (path: string): Promise<readonly [real: Shape, imitated: Shape]> =>
    Promise.all([probe(origin, real.port, `${path}?real`), probe(origin, hop.address.port, `${path}?imitated`)])
}

describeWith(['nginx'], 'nginx as it comes, and nginx-stock', () => {
  const asked = side('nginx-stock', (upstream) => startNginx({ upstream, location: 'proxy_http_version 1.0;' })) // the default, up to 1.29.6

  test('hold the head, fill pages of 4096 bytes, the first one with the head in it, and end clean', async () => {
    for (const { headFirst, sizes, events, end } of await asked('/steady')) {
      expect({ headFirst, events, end }).toEqual({ headFirst: false, events: EVENTS, end: 'whole' })
      const pages = sizes.slice(0, -2).map((size) => Number.parseInt(size, 16)) // without the rest, and the last chunk
      expect(pages.length).toBeGreaterThan(0)
      for (const page of pages) expect(page).toBeGreaterThan(4096 - 300) // two that were full at once may be one chunk
      expect(pages[0]).toBeLessThan(2 * 4096)
    }
  })

  test('make a clean end of a FIN in the middle, half an event included', async () => {
    for (const { events, end, content } of await asked('/fin')) {
      expect({ events, end, rest: content.length % EVENT_SIZE }).toEqual({ events: 3, end: 'whole', rest: 100 })
    }
  })

  test('throw away what they have when the server resets: a head, no event, and FIN', async () => {
    for (const { events, end, headFirst } of await asked('/rst')) {
      expect({ events, end, headFirst }).toEqual({ events: 0, end: 'fin', headFirst: true })
    }
  })
})

describeWith(['haproxy'], 'HAProxy as it comes, and haproxy-plain', () => {
  const asked = side('haproxy-plain', (upstream) => startHaproxy({ upstream }))

  test('send small chunks in clumps, one each 200 ms', async () => {
    for (const { sizes, events, end, bursts, time } of await asked('/steady')) {
      expect({ events, end }).toEqual({ events: EVENTS, end: 'whole' })
      expect(sizes.filter((size) => size === '15E').length).toBeGreaterThan(2 * bursts) // some it joins, when it is late
      expect(bursts).toBeLessThan(time / 150 + 2)
    }
  })

  test.each(['/fin', '/rst'])(
    'end with FIN, and without a last chunk, where the server breaks off: %s',
    async (path) => {
      for (const { events, end } of await asked(path)) expect({ events, end }).toEqual({ events: 3, end: 'fin' })
    },
  )
})

describeWith(['varnish'], 'Varnish that compresses, and varnish-gzip', () => {
  const asked = side('varnish-gzip', (upstream) =>
    startVarnish({ upstream, backendResponse: 'set beresp.do_gzip = true;' }),
  )

  test('send the head, the ten bytes a gzip member begins with, and the rest at the end', async () => {
    for (const { sizes, end, content, bursts } of await asked('/steady')) {
      const chunks = sizes.length
      expect({ end, bursts, chunks, first: sizes[0] }).toEqual({ end: 'whole', bursts: 2, chunks: 3, first: '00a' })
      expect(sizes[1]).toMatch(/^00[0-9a-f]+$/)
      expect(gunzipSync(content).toString().split('\n\n')).toHaveLength(EVENTS + 1)
    }
  })
})

describeWith(['caddy'], 'Caddy 2.6, and caddy26-crash', ([caddy]) => {
  const asked = side('caddy26-crash', (upstream) => startCaddy({ upstream }))

  test('send each event in a chunk of its own, and the head before', async () => {
    for (const { headFirst, sizes, end } of await asked('/steady')) {
      expect({ headFirst, end }).toEqual({ headFirst: true, end: 'whole' })
      expect(sizes.filter((size) => size === '15e').length).toBeGreaterThan(EVENTS / 2)
    }
  })

  const isPolite = caddy !== undefined && /^2\.[0-7]\./.test(toolVersion(caddy)) // 2.8 has learned to tell

  test.skipIf(!isPolite).each(['/fin', '/rst'])(
    'make a clean end of a server that breaks off, half an event included: %s',
    async (path) => {
      for (const { events, end, content } of await asked(path)) {
        expect({ events, end, rest: content.length % EVENT_SIZE }).toEqual({ events: 3, end: 'whole', rest: 100 })
      }
    },
  )
})
