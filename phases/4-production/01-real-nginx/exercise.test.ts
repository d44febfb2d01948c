import { expect, mistake, within } from '@sse-from-scratch/course'
import { describeWith } from '@sse-from-scratch/testkit'
import { test } from 'vitest'
import { headers, nginxConf, whatHolds } from '#ex/01-real-nginx'
import type { Cause, Measurement } from './contract.ts'
import { HOP, startHop } from './samples/hop.ts'
import { measure, type Result, type Setup } from './samples/measure.ts'

const blamesTheCoding = mistake<Causes>(
  'blames-the-coding',
  'The stream is compressed, and on time all the same: with proxy_buffering off nginx flushes each event. Look at the times first. What does no harm is no cause.',
  (got) => got['compressed, on time'] === 'gzip',
)
const oneLateIsHeld = mistake<Causes>(
  'one-late-is-held',
  'One event of four was late. That may be the garbage collector, or a busy machine. A proxy that holds streams does it to all events: ask for more than half.',
  (got) => got['one event late'] !== 'nothing',
)
const blamesNginx = mistake<Causes>(
  'blames-nginx',
  'nginx asked in HTTP/1.1, so the server was free to send chunks, and did not. No directive about versions will help: the server must mark the end of its body (RFC 9112 §6.3).',
  (got) => got['HTTP/1.1, and no chunks'] === 'asked-in-1.0',
)
const onlyTheEnd = mistake<Causes>(
  'only-the-end',
  'You look only for streams that come all at the end. Here each event comes with the next one: the user is always one event behind, and never sees the last one of a pause.',
  (got) => got['each with the next one'] === 'nothing',
)
const noAccelHeader = mistake<Seen>(
  'no-accel-header',
  'nginx has held your events. It does not look at the type: to its buffers an event stream is a file like others. One header field of the answer tells it not to buffer this one: X-Accel-Buffering.',
  () => !names().has('x-accel-buffering'),
)
const accelOff = mistake<Seen>(
  'accel-off',
  'X-Accel-Buffering knows two values, yes and no. It asks "buffer?", so `off` is no answer, and nginx goes on as before.',
  () => names().get('x-accel-buffering') === 'off',
)
const noSemicolon = mistake<{ nginx: string }>(
  'no-semicolon',
  'A directive of nginx ends with a semicolon, not with its line. nginx read on, and came to the } of the location.',
  ({ nginx }) => nginx.includes('unexpected "}"'),
)
const versionOnly = mistake<Seen>(
  'version-only',
  'HTTP/1.1 brings chunks, and so nginx passes small events on. It still buffers: what is large, compressed or without chunks stays. Turn the buffering itself off.',
  () => /proxy_http_version\s+1\.1/.test(nginxConf()) && !/proxy_buffering\s+off/.test(nginxConf()),
)
const bufferingOnly = mistake<{ clientSees: string }>(
  'buffering-only',
  'The server broke off, and your client was told that all is well. You let nginx ask in HTTP/1.0: no chunks, so the end of the connection is the end of the body (RFC 9112 §6.3). Ask in 1.1.',
  ({ clientSees }) => clientSees === 'a complete answer',
)

const GZIP = 'gzip on; gzip_types text/event-stream; gzip_min_length 0;'
const PLAIN: Measurement = {
  sent: [0, 200, 400, 600, 800],
  seen: [1, 201, 402, 603, 803],
  asked: 'HTTP/1.1',
  answered: 'chunked',
  coding: undefined,
  eventSize: 40,
}
const AT_THE_END = [804, 804, 804, 804, 804]
const ONE_BEHIND = [201, 402, 601, 803, 806]

test('a stream whose events are seen before the next ones are sent is not held', () => {
  const got: Causes = {
    'on time': whatHolds(PLAIN),
    'compressed, on time': whatHolds({ ...PLAIN, coding: 'gzip' }),
    'HTTP/1.0, on time': whatHolds({ ...PLAIN, asked: 'HTTP/1.0', answered: 'until-close' }),
    'large, on time': whatHolds({ ...PLAIN, eventSize: 6000 }),
  }
  expect(got).toMean<Causes>(
    {
      'on time': 'nothing',
      'compressed, on time': 'nothing',
      'HTTP/1.0, on time': 'nothing',
      'large, on time': 'nothing',
    },
    { mistakes: [blamesTheCoding] },
  )
})

test('one late event is an accident', () => {
  const got: Causes = { 'one event late': whatHolds({ ...PLAIN, seen: [1, 411, 412, 603, 803] }) }
  expect(got).toMean<Causes>({ 'one event late': 'nothing' }, { mistakes: [oneLateIsHeld] })
})

test('of a stream that comes at its end, the framing and the version say why', () => {
  const held: Measurement = { ...PLAIN, seen: AT_THE_END }
  const got: Causes = {
    compressed: whatHolds({ ...held, coding: 'gzip' }),
    'HTTP/1.0': whatHolds({ ...held, asked: 'HTTP/1.0', answered: 'until-close' }),
    'HTTP/1.1, and no chunks': whatHolds({ ...held, answered: 'until-close' }),
  }
  expect(got).toMean<Causes>(
    { compressed: 'gzip', 'HTTP/1.0': 'asked-in-1.0', 'HTTP/1.1, and no chunks': 'until-close' },
    { mistakes: [blamesNginx] },
  )
})

test('a stream that is one event behind is held, too', () => {
  const got: Causes = { 'each with the next one': whatHolds({ ...PLAIN, seen: ONE_BEHIND, eventSize: 6000 }) }
  expect(got).toMean<Causes>({ 'each with the next one': 'large-events' }, { mistakes: [onlyTheEnd] })
})

test('what nginx does at this moment has the same causes', async () => {
  whatHolds(PLAIN)
  const location = 'proxy_http_version 1.1;'
  const [http10, untilClose, gzip, large, small] = await Promise.all([
    through({ location: 'proxy_http_version 1.0;', patience: 60 }),
    through({ location, untilClose: true, patience: 60 }),
    through({ location, http: GZIP, patience: 60 }),
    through({ location, eventSize: 6000, patience: 60 }),
    through({ location }),
  ])
  const got: Causes = {
    'HTTP/1.0': whatHolds(http10),
    'HTTP/1.1, and no chunks': whatHolds(untilClose),
    compressed: whatHolds(gzip),
    '6000 bytes an event': whatHolds(large),
    '40 bytes an event': whatHolds(small),
  }
  expect(got).toMean<Causes>({
    'HTTP/1.0': 'asked-in-1.0',
    'HTTP/1.1, and no chunks': 'until-close',
    compressed: 'gzip',
    '6000 bytes an event': 'large-events',
    '40 bytes an event': 'nothing',
  })
})

test('your header fields carry a stream through an nginx that was told nothing', async () => {
  const said = headers()
  const result = await through({ location: 'proxy_http_version 1.0;', headers: said }) // what it did by itself before 1.29.7
  const type = result.contentType?.split(';')[0]
  expect<Seen>({ ...seen(result), type }).toMean(
    { ...ALL_ON_TIME, type: 'text/event-stream' },
    { mistakes: [noAccelHeader, accelOff] },
  )
})

test('nginx understands your directives', async () => {
  const location = nginxConf()
  expect({ nginx: await wordsOf(location) }).toMean({ nginx: 'starts' }, { mistakes: [noSemicolon] })
})

test('your directives carry a stream whose server says nothing', async () => {
  const location = nginxConf()
  expect(seen(await through({ location }))).toMean(ALL_ON_TIME, { mistakes: [versionOnly] })
})

test('your directives carry other streams, too: unchunked, compressed, large', async () => {
  const location = nginxConf()
  const setups: readonly Setup[] = [{ untilClose: true }, { http: GZIP }, { eventSize: 6000 }]
  const [plain, compressed, large] = await Promise.all(setups.map((setup) => through({ location, ...setup })))
  const got = { 'without chunks': seen(plain), compressed: seen(compressed), '6000 bytes an event': seen(large) }
  expect(got).toMean(
    { 'without chunks': ALL_ON_TIME, compressed: ALL_ON_TIME, '6000 bytes an event': ALL_ON_TIME },
    { mistakes: [{ ...versionOnly, when: () => versionOnly.when({}) }] },
  )
})

test('a stream that the server breaks off does not look complete behind your nginx', async () => {
  const { isComplete } = await through({ location: nginxConf(), breaksAfter: 2 })
  const got = { clientSees: isComplete ? 'a complete answer' : 'an answer that was cut' }
  expect(got).toMean({ clientSees: 'an answer that was cut' }, { mistakes: [bufferingOnly] })
})

describeWith(['nginx'], 'nginx', () => {
  test('all this went through a real nginx', () => {
    headers()
    expect(HOP.split(' ')[0]).toMean('nginx')
  })
})

type Causes = Readonly<Record<string, Cause>>
type Seen = Readonly<Record<string, string | undefined>>

const ALL_ON_TIME: Seen = { 'events on time': '4 of 4' }

/** How many of the events that have a next one were seen before it was sent. */
function seen(result: Result | undefined): Seen {
  const { sent = [], seen: times = [] } = result ?? {}
  const nexts = sent.slice(1)
  const onTime = nexts.filter((next, nth) => (times[nth] ?? Number.POSITIVE_INFINITY) < next)
  return { 'events on time': `${onTime.length} of ${nexts.length}` }
}

function through(setup: Setup): Promise<Result> {
  return within(20_000, measure(setup), 'the stream to come through the proxy')
}

/** What nginx says to a location like this. */
async function wordsOf(location: string): Promise<string> {
  try {
    await using _ = await startHop({ upstream: 9, location, http: '' })
    return 'starts'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The learner's fields by their names in lower case. */
function names(): Map<string, string> {
  return new Map(Object.entries(headers()).map(([name, value]) => [name.toLowerCase(), value]))
}
