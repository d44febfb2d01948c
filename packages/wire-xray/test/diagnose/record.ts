/**
 * Makes the recordings of packages/wire-xray/recordings again, of the proxies that are here, and writes down what is said of
 * them: npx tsx --conditions=@sse-from-scratch/source packages/wire-xray/test/diagnose/record.ts
 */
import { rm, writeFile } from 'node:fs/promises'
import { startApache, startCaddy, startHaproxy, startNginx, startSquid, startVarnish } from '@sse-from-scratch/testkit'
import { parseFaults } from '../../src/faults/index.ts'
import { probe } from '../../src/probe/probe.ts'
import { startProxy } from '../../src/proxy/index.ts'
import { openRecordingFile } from '../../src/recording/index.ts'
import { createSwitchedRecorder } from '../../src/recording/switched-recorder.ts'
import { inARow, type Start } from './in-a-row.ts'
import { startOrigin } from './origin.ts'
import { FOLDER, GOLDEN, saidOf } from './recorded.ts'

const haproxy: Start = (upstream) => startHaproxy({ upstream })

const NEW = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const GZIP = `${NEW} gzip on; gzip_types text/event-stream; gzip_min_length 0;`
const nginx =
  (location: string): Start =>
  (upstream) =>
    startNginx({ upstream, location })
const faulty =
  (faults: string): Start =>
  async (upstream) => {
    const proxy = await startProxy({ target: `http://127.0.0.1:${upstream}`, faults: parseFaults(faults) })
    return { port: proxy.address.port, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() }
  }

const CASES: Readonly<Record<string, readonly [path: string, start: Start]>> = {
  'nginx-stock': ['/short', nginx('proxy_http_version 1.0;')],
  'nginx-stock-long': ['/long', nginx('proxy_http_version 1.0;')],
  'nginx-unbuffered': ['/short', nginx('proxy_buffering off;')],
  'nginx-head-held': ['/late', nginx(NEW)],
  'nginx-gzip': ['/short', nginx(GZIP)],
  'nginx-gzip-unbuffered': ['/short', nginx(`${GZIP} proxy_buffering off;`)],
  'nginx-idle': ['/silent', nginx(`${NEW} proxy_buffering off; proxy_read_timeout 10s;`)],
  'nginx-two-pieces': ['/long', nginx('proxy_http_version 1.0; proxy_buffer_size 16k; proxy_buffers 4 16k;')],
  haproxy: ['/long', haproxy],
  'haproxy-far-apart': ['/far', haproxy],
  'haproxy-behind-nginx': ['/long', inARow(nginx(`${NEW} proxy_buffering off;`), haproxy)],
  'haproxy-before-nginx': [
    '/late',
    inARow((upstream) => startHaproxy({ upstream, defaults: 'option http-no-delay' }), nginx(NEW)),
  ],
  'haproxy-no-delay': ['/short', (upstream) => startHaproxy({ upstream, defaults: 'option http-no-delay' })],
  caddy: ['/llm', (upstream) => startCaddy({ upstream })],
  'caddy-gzip': ['/wide', (upstream) => startCaddy({ upstream, site: 'encode gzip' })],
  'caddy-crash': ['/crash', (upstream) => startCaddy({ upstream })],
  squid: ['/short', (upstream) => startSquid({ upstream })],
  'squid-idle': ['/silent', (upstream) => startSquid({ upstream, lines: 'read_timeout 10 seconds' })],
  apache: ['/short', (upstream) => startApache({ upstream })],
  varnish: ['/short', (upstream) => startVarnish({ upstream })],
  'varnish-gzip': ['/short', (upstream) => startVarnish({ upstream, backendResponse: 'set beresp.do_gzip = true;' })],
  'varnish-whole': [
    '/short',
    (upstream) => startVarnish({ upstream, backendResponse: 'set beresp.do_stream = false;' }),
  ],
  cut: ['/llm', faulty('cut=fin@byte:900')],
  reset: ['/llm', faulty('cut=rst@event:4')],
  'bad-chunk-size': ['/llm', faulty('corrupt=size@event:4')],
  'wrong-chunk-size': ['/llm', faulty('size=-5@event:4')],
  'no-blank-line': ['/short', faulty('strip=blank-line@last')],
  'no-end-mark': ['/llm', faulty('no-done')],
  'error-inside': ['/llm', faulty('error=overloaded@event:4')],
  'no-content-type': ['/short', faulty('strip-header=content-type')],
  stalled: ['/llm', faulty('stall=4s@event:6')],
}

const only = process.argv.slice(2)
await using origin = await startOrigin()
for (const [name, [path, start]] of Object.entries(CASES)) {
  if (only.length > 0 && !only.includes(name)) continue
  const file = new URL(`${name}.xray.jsonl`, FOLDER)
  await rm(file, { force: true })
  await using hop = await start(origin.port)
  const recording = await openRecordingFile(file.pathname, { target: 'http://127.0.0.1' })
  const recorder = createSwitchedRecorder()
  recorder.start(recording.next())
  const time = name === 'stalled' ? 3000 : 20_000
  await probe(`http://127.0.0.1:${hop.port}${path}`, {
    fields: { Host: 'localhost', 'Accept-Encoding': 'gzip' },
    time,
    onMasked: recorder.take,
  })
  recorder.stop()
  await recording.close()
}
await writeFile(GOLDEN, `${JSON.stringify(await saidOf(), undefined, 2)}\n`)
