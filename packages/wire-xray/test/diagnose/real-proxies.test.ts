import { connect } from '@sse-from-scratch/tcp-echo'
import {
  describeWith,
  startApache,
  startCaddy,
  startHaproxy,
  startNginx,
  startSquid,
  startVarnish,
  toolVersion,
} from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/index.ts'
import { imitationOf } from '../../src/faults/index.ts'
import { probe } from '../../src/probe/probe.ts'
import { startProxy } from '../../src/proxy/index.ts'
import { startSandwich } from '../../src/sandwich/sandwich.ts'
import { agreed, wrongIn } from './agreed.ts'
import { inARow, type Start } from './in-a-row.ts'
import { startOrigin } from './origin.ts'

let origin: Awaited<ReturnType<typeof startOrigin>>
beforeAll(async () => {
  origin = await startOrigin()
})
afterAll(() => origin?.[Symbol.asyncDispose]())

/** What is wrong with an answer, as a client sees it. Whether a head that was held was late enough to say so, is for `/late`. */
async function wrongWith(port: number, path: string, coding = 'gzip', seconds?: number): Promise<readonly string[]> {
  const { diagnoses, exchange } = await probe(`http://127.0.0.1:${port}${path}`, {
    fields: { 'Accept-Encoding': coding },
    time: 20_000,
  })
  const found = seconds === undefined ? diagnoses : diagnose(exchange, { idleTimeouts: [seconds] })
  return wrongIn(found).filter((code) => code !== 'HEAD_HELD' || path === '/late')
}

/** Starts a proxy in front of the origin, asks, and closes it. */
async function through(start: Start, paths: readonly string[], coding?: string, seconds?: number) {
  await using proxy = await start(origin.port)
  return await Promise.all(paths.map((path) => wrongWith(proxy.port, path, coding, seconds)))
}

const nginx =
  (location: string): Start =>
  (upstream) =>
    startNginx({ upstream, location })
const STOCK = 'proxy_http_version 1.0;' // as it is up to 1.29.6
const NEW = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const GZIP = `${NEW} gzip on; gzip_types text/event-stream; gzip_min_length 0;`

test('of a server itself nothing is said to be wrong', async () => {
  const paths = ['/short', '/long', '/wide', '/big', '/llm', '/late']
  expect(await Promise.all(paths.map((path) => wrongWith(origin.port, path)))).toEqual([[], [], [], [], [], []])
})

describeWith(['nginx'], 'nginx', () => {
  test.concurrent.each<[string, string, readonly string[], readonly (readonly string[])[]]>([
    ['as it comes', STOCK, ['/short', '/long'], [['BURST_AFTER_SILENCE'], ['SIZE_QUANTUM']]],
    ['with proxy_buffering off', `${STOCK} proxy_buffering off;`, ['/short', '/long', '/llm'], [[], [], []]],
    ['with HTTP/1.1 behind it', NEW, ['/short', '/long', '/llm'], [[], [], []]],
    ['that compresses', GZIP, ['/short'], [['COMPRESSOR_NOT_FLUSHED']]],
    ['that compresses, and does not buffer', `${GZIP} proxy_buffering off;`, ['/short', '/llm'], [[], []]],
  ])('%s', async (_, location, paths, expected) => {
    await agreed(() => through(nginx(location), paths), expected)
  })

  test.concurrent('that waits two seconds for the next byte', async () => {
    const start = nginx(`${NEW} proxy_buffering off; proxy_read_timeout 2s;`)
    await agreed(() => through(start, ['/silent'], 'gzip', 2), [['IDLE_CUT', 'NO_TERMINATOR']])
  })

  test.concurrent('that buffers holds a head until there is content', async () => {
    await agreed(() => through(nginx(NEW), ['/late']), [['HEAD_HELD']])
    await agreed(() => through(nginx(`${NEW} proxy_buffering off;`), ['/late']), [[]])
  })

  test.concurrent('between two taps is one behind with large events, and passes small ones on', async () => {
    await agreed(() => sandwiched(nginx(NEW), ['/big', '/long']), [['ONE_BEHIND'], []])
  })

  test.concurrent('as it comes, between two taps, holds what it gets', async () => {
    await agreed(() => sandwiched(nginx(STOCK), ['/short']), [['HOP_HOLDS', 'ITL_TOO_GOOD', 'BURST_AFTER_SILENCE']])
  })
})

describeWith(['haproxy'], 'HAProxy', () => {
  test.concurrent.each<[string, string, readonly (readonly string[])[]]>([
    ['as it comes', '', [['TIME_QUANTUM_200MS'], ['TIME_QUANTUM_200MS']]],
    ['with option http-no-delay', 'option http-no-delay', [[], []]],
  ])('%s', async (_, defaults, expected) => {
    await agreed(() => through((upstream) => startHaproxy({ upstream, defaults }), ['/long', '/short']), expected)
  })
})

describeWith(['caddy'], 'Caddy', ([caddy]) => {
  test.concurrent('as it comes', async () => {
    await agreed(() => through((upstream) => startCaddy({ upstream }), ['/short', '/wide', '/llm']), [[], [], []])
  })

  const version = caddy === undefined ? '' : toolVersion(caddy)
  test.skipIf(!/^2\.[0-8]\./.test(version))('before 2.9 that compresses', async () => {
    const start: Start = (upstream) => startCaddy({ upstream, site: 'encode gzip' })
    await agreed(() => through(start, ['/wide']), [['COMPRESSOR_NOT_FLUSHED']])
  })

  test.skipIf(!/^2\.[0-7]\./.test(version))('before 2.8 that makes a crash polite', async () => {
    await agreed(() => through((upstream) => startCaddy({ upstream }), ['/crash']), [['APP_END_MISSING']])
  })
})

describeWith(['apache'], 'Apache', () => {
  test.concurrent.each<[string, string]>([
    ['as it comes', ''],
    ['that compresses, since it flushes', 'AddOutputFilterByType DEFLATE text/event-stream'],
  ])('%s', async (_, server) => {
    await agreed(() => through((upstream) => startApache({ upstream, server }), ['/short', '/llm']), [[], []])
  })
})

describeWith(['varnish'], 'Varnish', () => {
  test.concurrent('as it comes', async () => {
    await agreed(() => through((upstream) => startVarnish({ upstream }), ['/short', '/llm']), [[], []])
  })

  test.concurrent('that compresses', async () => {
    const start: Start = (upstream) => startVarnish({ upstream, backendResponse: 'set beresp.do_gzip = true;' })
    await agreed(() => through(start, ['/short']), [['COMPRESSOR_NOT_FLUSHED']])
  })

  test.concurrent('that does not stream', async () => {
    const start: Start = (upstream) => startVarnish({ upstream, backendResponse: 'set beresp.do_stream = false;' })
    const [found] = await through(start, ['/short'])
    expect(found).toEqual(['BURST_AFTER_SILENCE', 'CONTENT_LENGTH_ON_STREAM'])
  })

  test.concurrent('that was not told to keep nothing has it for the next one', async () => {
    await using proxy = await startVarnish({ upstream: origin.port })
    expect(await wrongWith(proxy.port, '/short?kept')).not.toContain('CACHED_STREAM')
    expect(await wrongWith(proxy.port, '/short?kept')).toContain('CACHED_STREAM')
  })
})

describeWith(['squid'], 'Squid', () => {
  test.concurrent('as it comes, and told not to read ahead', async () => {
    for (const lines of ['', 'read_ahead_gap 1 KB']) {
      await agreed(
        () => through((upstream) => startSquid({ upstream, lines }), ['/short', '/wide', '/llm']),
        [[], [], []],
      )
    }
  })

  test.concurrent('that waits two seconds for the next byte', async () => {
    const start: Start = (upstream) => startSquid({ upstream, lines: 'read_timeout 2 seconds' })
    await agreed(() => through(start, ['/silent'], 'gzip', 2), [['IDLE_CUT', 'NO_TERMINATOR']])
  })
})

describeWith(['nginx', 'haproxy'], 'two hops', () => {
  const haproxy: Start = (upstream) => startHaproxy({ upstream })
  const patient: Start = (upstream) => startHaproxy({ upstream, defaults: 'option http-no-delay' })

  test.concurrent('of which the one behind corks its socket, and nginx in front of it does not buffer', async () => {
    const corked = async () => {
      await using hop = await inARow(nginx(`${NEW} proxy_buffering off;`), haproxy)(origin.port)
      const { diagnoses } = await probe(`http://127.0.0.1:${hop.port}/long`)
      return diagnoses.some(({ code, text }) => code === 'TIME_QUANTUM_200MS' && text.includes('clumps of'))
    }
    await agreed(corked, true)
  })

  test.concurrent('of which nginx behind HAProxy holds everything is told from nginx', async () => {
    await agreed(
      () => through(inARow(patient, nginx(STOCK)), ['/short', '/long']),
      [['BURST_AFTER_SILENCE'], ['SIZE_QUANTUM']],
    )
    await agreed(() => through(inARow(patient, nginx(NEW)), ['/late']), [['HEAD_HELD']])
  })
})

/** What is wrong between two taps around a hop. */
async function sandwiched(start: Start, paths: readonly string[]): Promise<readonly (readonly string[])[]> {
  const found = new Map<string, readonly string[]>()
  await using back = await startBehind((path, codes) => found.set(path, codes), start)
  for (const path of paths) await probe(`${back.url}${path}`)
  await back.settled()
  return paths.map((path) => found.get(path)?.filter((code) => code !== 'HEAD_HELD') ?? ['nothing came by'])
}

async function startBehind(onPair: (path: string, codes: readonly string[]) => void, start: Start) {
  // The hop has to know where to ask before the taps know where the hop is: a proxy in between knows both.
  let hopPort = 0
  const bridge = await startProxy({
    target: 'http://127.0.0.1:1',
    dial: async (_, how) => connect({ ...how, host: '127.0.0.1', port: hopPort }),
  })
  const taps = await startSandwich({
    hop: bridge.url,
    origin: `http://127.0.0.1:${origin.port}`,
    onPair: ({ front, diagnoses }) => onPair(front.request.target, wrongIn(diagnoses)),
  })
  const hop = await start(taps.back.address.port)
  hopPort = hop.port
  return {
    url: taps.front.url,
    settled: taps.settled,
    async [Symbol.asyncDispose]() {
      for (const each of [taps, bridge, hop]) await each[Symbol.asyncDispose]()
    },
  }
}

describe('an imitation', () => {
  test.each<[string, string, readonly string[]]>([
    ['nginx-stock', '/short', ['BURST_AFTER_SILENCE']],
    ['nginx-stock', '/long', ['SIZE_QUANTUM']],
    ['haproxy-plain', '/long', ['TIME_QUANTUM_200MS']],
    ['varnish-gzip', '/short', ['COMPRESSOR_NOT_FLUSHED']],
    ['caddy26-crash', '/crash', ['APP_END_MISSING']],
  ])('of %s is told from its answer to %s', async (name, path, expected) => {
    await using hop = await startProxy({ target: `http://127.0.0.1:${origin.port}`, faults: imitationOf(name) })
    await agreed(() => wrongWith(hop.address.port, path), expected)
  })

  test.concurrent('of a virus scanner is one behind, between two taps', async () => {
    const start: Start = (upstream) =>
      startProxy({ target: `http://127.0.0.1:${upstream}`, faults: imitationOf('kaspersky') }).then((proxy) => ({
        port: proxy.address.port,
        [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
      }))
    await agreed(() => sandwiched(start, ['/short']), [['ONE_BEHIND']])
  })
})
