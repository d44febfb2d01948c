import { describe, expect, test } from 'vitest'
import { type DiagnoseOptions, diagnose, diagnoseAll, diagnoseHop } from '../../src/diagnose/index.ts'
import {
  asked,
  chunk,
  END,
  entriesOf,
  event,
  exchangeOf,
  exchangesOf,
  GET,
  head,
  type Line,
  times,
  token,
} from './made.ts'

async function codesOf(lines: readonly Line[], options?: DiagnoseOptions): Promise<readonly string[]> {
  return diagnose(await exchangeOf(lines), options).map(({ code, severity }) => `${severity} ${code}`)
}

/** A stream of events of their own reads, one each so many milliseconds. */
const steady = (count: number, every: number, size = 60): readonly Line[] => [
  asked,
  [3, 'down', head()],
  ...times(count, (n) => [4 + (n + 1) * every, 'down', chunk(event(n, size))]),
  [4 + count * every + 1, 'down', END],
]

/** Bytes of a stream, in pages of some size, each whenever a stream of `every` ms an event would have filled it. */
function paged(page: number, { count, size, every }: { count: number; size: number; every: number }): readonly Line[] {
  const body = Array.from({ length: count }, (_, n) => event(n, size)).join('')
  const lines: Line[] = []
  for (let at = 0; at < body.length; at += page) {
    const part = body.slice(at, at + page)
    lines.push([Math.ceil((at + part.length) / size) * every + 1, 'down', (at === 0 ? head() : '') + chunk(part)])
  }
  const [last] = lines.at(-1) as Line
  return [asked, ...lines, [last, 'down', END]]
}

/** Events that come together, each in a chunk with a size of some small letters. */
const clump = (n: number): string => [0, 1, 2].map((m) => chunk(event(3 * n + m, 28))).join('')

const tokens = (count: number): readonly Line[] => times(count, (n) => [100 + 20 * n, 'down', chunk(token(`t${n}`))])

const ACCENT = Buffer.from(head() + chunk('data: é\n\n') + END)
const IN_ACCENT = ACCENT.indexOf('é') + 1

const EURO = Buffer.from('data: €\n\n')

/** What a socket lets go of that is corked while events come each `every` ms; whoever is in front of it may make one chunk of that. */
function corked(every: number, { size = 240, first = 202, field = {}, merged = false } = {}): readonly Line[] {
  const lines: Line[] = []
  let at = first
  for (let n = Math.floor(first / every); n < 130; ) {
    const each = Math.max(2, Math.ceil(200 / every))
    const events = Array.from({ length: each }, (_, m) => event(n + m, size))
    n += each
    const content = merged ? chunk(events.join('')) : events.map((text) => chunk(text)).join('')
    lines.push([at, 'down', (lines.length === 0 ? head(field) : '') + content])
    at = Math.ceil((at + 1) / every) * every + 203
  }
  return [asked, ...lines, [at, 'down', END]]
}

const inCapitals = (lines: readonly Line[]): readonly Line[] =>
  lines.map(([at, way, what]) => [
    at,
    way,
    typeof what === 'string'
      ? what.replace(/(^|\r\n)([0-9a-f]+)\r\n/g, (_, end, size) => `${end}${size.toUpperCase()}\r\n`)
      : what,
  ])

const SMALL_NAMES = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
/** A heartbeat a second, each as late as the head. */
const beats = (headAt: number, late: number, opening = SMALL_NAMES): readonly Line[] => [
  asked,
  [headAt, 'down', opening],
  ...times(5, (n): Line => [(n + 1) * 1000 + late, 'down', chunk(': ping\n\n')]),
  [5001 + late, 'down', END],
]

interface Case {
  readonly fires: readonly Line[]
  readonly not: readonly Line[]
  readonly options?: DiagnoseOptions
}

const CASES: Readonly<Record<string, Case>> = {
  'error BURST_AFTER_SILENCE': {
    fires: [asked, [750, 'down', head() + [0, 1, 2, 3, 4, 5].map((n) => chunk(event(n))).join('') + END]],
    not: [asked, [450, 'down', head() + [0, 1, 2, 3, 4, 5].map((n) => chunk(event(n))).join('') + END]],
  },
  'error SIZE_QUANTUM': {
    fires: paged(8192, { count: 130, size: 333, every: 17 }),
    not: paged(8192 - 300, { count: 130, size: 333, every: 17 }),
  },
  'error TIME_QUANTUM_200MS': {
    fires: [
      asked,
      [204, 'down', head()],
      ...times(6, (n): Line => [408 + 204 * n, 'down', [0, 1, 2].map((m) => chunk(event(m))).join('')]),
      [1600, 'down', END],
    ],
    not: [
      asked,
      [4, 'down', head()],
      ...times(6, (n): Line => [154 + 150 * n, 'down', [0, 1, 2].map((m) => chunk(event(3 * n + m))).join('')]),
      [1200, 'down', END],
    ],
  },
  'warn TIME_QUANTUM_200MS': {
    fires: corked(37, { field: { Server: 'nginx/1.22.1' }, merged: true }),
    not: times(
      12,
      (n): Line =>
        n === 0
          ? asked
          : [
              200 * n + (n % 3),
              'down',
              (n === 1 ? head({ Server: 'nginx/1.22.1' }) : '') + chunk(event(2 * n, 90) + event(2 * n + 1, 90)),
            ],
    ).concat([[2500, 'down', END]]),
  },
  'warn SPLIT_EVENT_40MS': {
    fires: [
      asked,
      [2, 'down', head()],
      ...times(5, (n): Line => [100 * (n + 1), 'down', chunk('event: token\n')]).flatMap((line, n): Line[] => [
        line,
        [100 * (n + 1) + 41, 'down', chunk(event(n))],
      ]),
      [700, 'down', END],
    ],
    not: [
      asked,
      [2, 'down', head()],
      ...times(5, (n): Line => [100 * (n + 1), 'down', chunk('event: token\n')]).flatMap((line, n): Line[] => [
        line,
        [100 * (n + 1) + 3, 'down', chunk(event(n))],
      ]),
      [700, 'down', END],
    ],
  },
  'warn HEAD_HELD': {
    fires: [asked, [900, 'down', head({ Server: 'nginx/1.22.1' }) + chunk(event(0))], [1000, 'down', END]],
    not: [asked, [10, 'down', head({ Server: 'nginx/1.22.1' })], [900, 'down', chunk(event(0))], [1000, 'down', END]],
  },
  'error CACHED_STREAM': {
    fires: [asked, [1, 'down', head({ Age: '3' }) + chunk(event(0)) + END]],
    not: [asked, [1, 'down', head({ Age: '0', 'X-Cache': 'MISS' }) + chunk(event(0)) + END]],
  },
  'error NO_ANSWER': { fires: [asked, [5, 'down', 'FIN']], not: [asked, [4, 'up', 'FIN'], [5, 'down', 'FIN']] },
  'error NO_TERMINATOR': {
    fires: [asked, [5, 'down', head() + chunk(event(0))], [9, 'down', 'FIN']],
    not: [asked, [5, 'down', head() + chunk(event(0))], [8, 'up', 'FIN'], [9, 'down', 'FIN']],
  },
  'error RESET_MID_BODY': {
    fires: [asked, [5, 'down', head() + chunk(event(0))], [9, 'down', 'RST']],
    not: [asked, [5, 'down', head() + chunk(event(0)) + END], [9, 'down', 'RST']],
  },
  'error APP_END_MISSING': {
    fires: [asked, [5, 'down', head()], ...tokens(6), [300, 'down', END]],
    not: [asked, [5, 'down', head()], ...tokens(6), [300, 'down', chunk('data: [DONE]\n\n') + END]],
  },
  'error EVENT_LOST_AT_END': {
    fires: [asked, [5, 'down', head() + chunk(event(0)) + chunk('data: x\n') + END]],
    not: [asked, [5, 'down', head() + chunk(event(0)) + chunk('data: x\n\n') + END]],
  },
  'error IDLE_CUT': {
    fires: [asked, [5, 'down', head() + chunk(event(0))], [7040, 'down', 'FIN']],
    not: [asked, [5, 'down', head() + chunk(event(0))], [6500, 'down', 'FIN']],
    options: { idleTimeouts: [7] },
  },
  'warn IDLE_CUT': {
    fires: [asked, [5, 'down', head() + chunk(event(0))], [13_040, 'down', 'FIN']],
    not: [asked, [5, 'down', head() + chunk(event(0))], [4500, 'down', 'FIN']],
  },
  'error BAD_CHUNK': {
    fires: [asked, [5, 'down', `${head()}5\r\ndata: x\n\n\r\n${END}`]],
    not: [asked, [5, 'down', `${head()}9\r\ndata: x\n\n\r\n${END}`]],
  },
  'error BAD_HTTP': {
    fires: [asked, [5, 'down', 'HTTP/1.1 200 OK\r\nContent Type: text/event-stream\r\n\r\n']],
    not: [asked, [5, 'down', 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'], [9, 'down', 'FIN']],
  },
  'error WRONG_CONTENT_TYPE': {
    fires: [asked, [5, 'down', head({ 'Content-Type': 'text/plain' }) + chunk(event(0)) + END]],
    not: [asked, [5, 'down', head({ 'Content-Type': 'text/plain' }) + chunk('data is a word\n\n') + END]],
  },
  'warn CONTENT_LENGTH_ON_STREAM': {
    fires: [asked, [800, 'down', `${head({ 'Transfer-Encoding': '', 'Content-Length': '18' })}data: x\n\ndata: y\n\n`]],
    not: [asked, [8, 'down', `${head({ 'Transfer-Encoding': '', 'Content-Length': '18' })}data: x\n\ndata: y\n\n`]],
  },
  'info CLOSE_DELIMITED': {
    fires: [asked, [8, 'down', `${head({ 'Transfer-Encoding': '' })}${event(0)}`], [9, 'down', 'FIN']],
    not: [asked, [8, 'down', `${head()}${chunk(event(0))}${END}`], [9, 'down', 'FIN']],
  },
  'warn UNKNOWN_SSE_FIELD': {
    fires: [asked, [8, 'down', head() + chunk('data: {\n  "a": "b"\ndata: }\n\n') + END]],
    not: [asked, [8, 'down', head() + chunk('data: {\ndata:   "a": "b"\ndata: }\n\n: or a comment\n') + END]],
  },
  'error ERROR_INSIDE_200': {
    fires: [asked, [8, 'down', head() + chunk('event: error\ndata: {"message":"overloaded"}\n\n') + END]],
    not: [asked, [8, 'down', head() + chunk('data: {"message":"no error"}\n\n') + END]],
  },
  'warn ID_GAP': {
    fires: [
      asked,
      [8, 'down', head() + [7, 8, 9, 11, 12, 13].map((n) => chunk(`id: ${n}\ndata: x\n\n`)).join('') + END],
    ],
    not: [
      asked,
      [8, 'down', head() + [7, 9, 13, 14, 20, 28].map((n) => chunk(`id: ${n}\ndata: x\n\n`)).join('') + END],
    ],
  },
  'warn CLIENT_SLOW': {
    fires: [asked, [8, 'down', head() + chunk(event(0))], [500, 'down', { wait: 300 }], [501, 'down', END]],
    not: [asked, [8, 'down', head() + chunk(event(0))], [300, 'down', { wait: 100 }], [501, 'down', END]],
  },
  'info CLIENT_GONE': {
    fires: [asked, [8, 'down', head() + chunk(event(0))], [50, 'up', 'FIN'], [51, 'down', 'FIN']],
    not: [asked, [8, 'down', head() + chunk(event(0))], [50, 'up', 'FIN'], [60, 'down', END], [61, 'down', 'FIN']],
  },
  'error STALL': {
    fires: [...steady(9, 30).slice(0, -1), [2400, 'up', 'RST']],
    not: [...steady(9, 300).slice(0, -1), [3900, 'up', 'RST']],
  },
  'info UTF8_SPLIT': {
    fires: [asked, [8, 'down', ACCENT.subarray(0, IN_ACCENT)], [9, 'down', ACCENT.subarray(IN_ACCENT)]],
    not: [asked, [8, 'down', ACCENT.subarray(0, IN_ACCENT - 1)], [9, 'down', ACCENT.subarray(IN_ACCENT - 1)]],
  },
  'info HOP_FINGERPRINT': {
    fires: [asked, [8, 'down', `${head()}0009\r\ndata: x\n\n\r\n${END}`]],
    not: [asked, [8, 'down', `${head()}9\r\ndata: x\n\n\r\n${END}`]],
  },
}

describe.each(Object.entries(CASES))('%s', (code, { fires, not, options }) => {
  test('is said of what shows it, with evidence', async () => {
    const found = diagnose(await exchangeOf(fires), options)
    const [one] = found.filter((diagnosis) => `${diagnosis.severity} ${diagnosis.code}` === code)
    expect(found.map((each) => `${each.severity} ${each.code}`)).toContain(code)
    expect(one?.evidence.length).toBeGreaterThan(0)
    expect(one?.text.length).toBeLessThan(300)
  })

  test('is not said of what only comes near it', async () => {
    expect(await codesOf(not, options)).not.toContain(code)
  })
})

describe('of a compressed stream', () => {
  const coded = async (reads: readonly (readonly [number, Uint8Array])[]) => {
    const lines: Line[] = reads.flatMap(([at, bytes], n) => {
      const framed = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
      return [
        [at, 'down', n === 0 ? Buffer.concat([Buffer.from(head({ 'Content-Encoding': 'gzip' })), framed]) : framed],
      ]
    })
    return await codesOf([asked, ...lines, [2000, 'down', END]])
  }
  const gzipped = async (parts: number): Promise<readonly Buffer[]> => {
    const { createGzip, constants } = await import('node:zlib')
    const gzip = createGzip()
    const pieces: Buffer[] = []
    let current: Buffer[] = []
    gzip.on('data', (data) => current.push(data))
    for (let n = 0; n < parts; n++) {
      gzip.write(event(n, 90))
      await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve))
      pieces.push(Buffer.concat(current))
      current = []
    }
    await new Promise<void>((resolve) => gzip.end().once('end', resolve))
    return [...pieces.slice(0, -1), Buffer.concat([pieces.at(-1) as Buffer, ...current])]
  }

  test('each event of which is flushed nothing is said but that it is one', async () => {
    const pieces = await gzipped(8)
    expect(await coded(pieces.map((piece, n) => [100 + 200 * n, piece]))).toEqual(['info COMPRESSED_STREAM'])
  })

  test('whose events come all at the end it is said that nobody flushed', async () => {
    const whole = Buffer.concat(await gzipped(8))
    expect(
      await coded([
        [4, whole.subarray(0, 10)],
        [900, whole.subarray(10)],
      ]),
    ).toContain('error COMPRESSOR_NOT_FLUSHED')
  })
})

describe('a client that comes back', () => {
  const visits = (pause: number, count: number) =>
    Array.from({ length: count }, (_, n) => {
      const start = n * (pause + 1000)
      const moved = ([at, ...rest]: Line): Line => [start + at, ...rest]
      return entriesOf(
        [asked, [5, 'down', head() + chunk(event(0))] as Line, [1000, 'down', END] as Line].map(moved),
        n + 1,
      )
    }).flat()

  test('again and again, as EventSource does, is in a loop', async () => {
    const found = diagnoseAll(await exchangesOf(visits(3020, 5)))
    expect(found.filter(({ code }) => code === 'RECONNECT_LOOP').map(({ exchange }) => exchange)).toEqual([5])
  })

  test('in times of its own, or twice, is in none', async () => {
    for (const entries of [visits(1500, 6), visits(3020, 3)]) {
      expect(diagnoseAll(await exchangesOf(entries)).map(({ code }) => code)).not.toContain('RECONNECT_LOOP')
    }
  })
})

describe('between two taps', () => {
  const passed = async (lateness: (n: number) => number, count = 12, every = 40) => {
    const back = await exchangeOf(steady(count, every))
    const times = Array.from({ length: count }, (_, n) => 4 + (n + 1) * every)
    const front = await exchangeOf([
      asked,
      [3.5, 'down', head()],
      ...times.map((at, n): Line => [at + lateness(n), 'down', chunk(event(n, 60))]),
      [5000, 'down', END],
    ])
    return diagnoseHop(front, back).map(({ code }) => code)
  }

  test('a hop that passes on raises nothing', async () => {
    expect(await passed(() => 0.4)).toEqual([])
  })

  test('one that keeps each event until the next one comes is one behind', async () => {
    expect(await passed(() => 40.6)).toEqual(['ONE_BEHIND'])
  })

  test('one that is equally slow with all of them is not', async () => {
    expect(await passed(() => 33)).toEqual([])
  })

  test('one that lets go of them all at the end holds them, and its pauses are too good', async () => {
    expect(await passed((n) => 12 * 40 - (n + 1) * 40)).toEqual(['HOP_HOLDS', 'ITL_TOO_GOOD'])
  })

  test('what went in and did not come out is said', async () => {
    const back = await exchangeOf(steady(6, 40))
    const front = await exchangeOf([...steady(3, 40).slice(0, -1), [200, 'down', 'FIN']])
    expect(diagnoseHop(front, back).map(({ text }) => text)).toEqual([
      '3 events went into the hop and did not come out',
    ])
  })
})

test('who asks for what it has missed gets it at once, which is no burst', async () => {
  const again: Line = [0, 'up', GET.replace('\r\n\r\n', '\r\nLast-Event-ID: 7\r\n\r\n')]
  const lines: readonly Line[] = [
    again,
    [750, 'down', head() + [0, 1, 2, 3, 4, 5].map((n) => chunk(event(n))).join('') + END],
  ]
  expect(await codesOf(lines)).not.toContain('error BURST_AFTER_SILENCE')
})

test('a line as long as an image in base64 is looked at in no time', async () => {
  const lines: readonly Line[] = [asked, [5, 'down', head() + chunk(`data: ${'x'.repeat(300_000)}`)], [9, 'down', END]]
  expect(await codesOf(lines)).toEqual(['error EVENT_LOST_AT_END'])
})

describe('a socket that is corked', () => {
  test('by HAProxy, which writes capitals, is one for sure', async () => {
    expect(await codesOf(inCapitals(corked(60)))).toContain('error TIME_QUANTUM_200MS')
  })

  test('behind another hop, which makes one chunk of each clump, may be one', async () => {
    const [found] = diagnose(await exchangeOf(corked(9, { field: { Server: 'Caddy' }, merged: true })))
    expect([found?.severity, found?.confidence, found?.text]).toEqual([
      'warn',
      'hint',
      expect.stringMatching(/HAProxy.*beside Caddy/),
    ])
    expect(found?.fix).toContain('HAProxy: option http-no-delay')
  })

  test('is none where each clump comes when a timer says so, and the head with the first one', async () => {
    for (const every of [200, 201, 230]) {
      const lines = times(
        10,
        (n): Line => [
          every * (n + 1),
          'down',
          (n === 0 ? head() : '') + [0, 1, 2].map((m) => chunk(event(3 * n + m, 90))).join(''),
        ],
      )
      expect(await codesOf([asked, ...lines, [9000, 'down', END]]), `${every} ms`).not.toContain(
        'error TIME_QUANTUM_200MS',
      )
    }
  })

  test.each([
    ['whose names are in small letters, as HAProxy writes them', beats(203, 203), ['warn TIME_QUANTUM_200MS']],
    ['sooner', beats(120, 120), []],
    ['later', beats(420, 3), []],
    ['with names as servers write them', beats(203, 203, head()), []],
    [
      'but events come at once',
      [...beats(203, 203).slice(0, 2), [260, 'down', chunk(event(0))], ...beats(203, 203).slice(2)],
      [],
    ],
  ] as const)('may be one where the head comes alone and 200 ms late: %s', async (_, lines, expected) => {
    expect(await codesOf(lines)).toEqual(expected)
  })
})

test('capitals in chunk-sizes are those of Squid where it names itself', async () => {
  const held = inCapitals([[5, 'down', head({ Via: '1.1 localhost (squid/5.7)' }) + chunk(event(0, 28)) + END]])
  const [found] = diagnose(await exchangeOf([asked, ...held]))
  expect(found?.text).toMatch(/^Squid has had this answer: chunk-size 1C/)
})

test('two buffers that were full and the rest are enough to know their size, also inside of TLS', async () => {
  expect(await codesOf(paged(16_384, { count: 100, size: 380, every: 9 }))).toContain('error SIZE_QUANTUM')
  const [found] = diagnose(await exchangeOf(paged(16_384 - head().length - 8, { count: 100, size: 380, every: 9 })))
  expect(found?.text).toContain('pieces of 16384 bytes')
  expect(await codesOf(paged(15_000, { count: 90, size: 380, every: 9 }))).not.toContain('error SIZE_QUANTUM')
})

test('nginx holds a head behind a HAProxy, too', async () => {
  const lines: readonly Line[] = inCapitals([
    [900, 'down', head({ Server: 'nginx/1.22.1' }) + chunk(event(0, 28))],
    [1000, 'down', END],
  ])
  expect(await codesOf([asked, ...lines])).toContain('warn HEAD_HELD')
})

test('a head that another hop held gives no line of configuration of nginx', async () => {
  for (const [field, lines] of [
    [{ 'X-Varnish': '2' }, ['Varnish']],
    [{ Via: '1.1 a (squid/5.7)' }, []],
  ] as const) {
    const [held] = diagnose(
      await exchangeOf([asked, [900, 'down', head(field) + chunk(event(0))], [1000, 'down', END]]),
    )
    expect(held?.code).toBe('HEAD_HELD')
    expect(
      held?.fix
        .split('\n')
        .slice(1)
        .map((line) => line.split(':')[0]),
    ).toEqual(lines)
  }
})

test.each([
  [7, ['info UTF8_SPLIT']],
  [8, ['info UTF8_SPLIT']],
  [6, []],
  [9, []],
])(
  'a character of which a chunk ends behind byte %i of its event is split, if it is inside of one',
  async (size, expected) => {
    const [first, rest] = [EURO.subarray(0, size), EURO.subarray(size)].map((part) =>
      Buffer.concat([Buffer.from(`${part.length}\r\n`), part, Buffer.from('\r\n')]),
    ) as [Buffer, Buffer]
    const whole = Buffer.concat([Buffer.from(head()), first, rest, Buffer.from(END)])
    const found = diagnose(await exchangeOf([asked, [8, 'down', whole]]))
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual(expected)
    for (const { text } of found) expect(text).toBe('a chunk ends inside of a character, as they may')
  },
)

test('small letters in chunk-sizes say that a server has a timer, where HAProxy would cork', async () => {
  const lines: readonly Line[] = [
    asked,
    [204, 'down', head()],
    ...times(6, (n): Line => [408 + 204 * n, 'down', clump(n)]),
    [1600, 'down', END],
  ]
  expect(await codesOf(lines)).toEqual(['info TIME_QUANTUM_200MS'])
})

test('nginx may end a silence before its timeout has gone by, and is named', async () => {
  const lines: readonly Line[] = [asked, [305, 'down', head() + chunk(event(0))], [30_030, 'down', 'FIN']]
  expect(await codesOf(lines)).toContain('error IDLE_CUT')
})

test('of two hops that show both have their line of configuration', async () => {
  const held = [0, 1, 2, 3, 4, 5].map((n) => chunk(event(n, 28)).replace(/^[0-9a-f]+/, (size) => size.toUpperCase()))
  const [burst] = diagnose(
    await exchangeOf([asked, [750, 'down', head({ Server: 'nginx', Via: '1.1 Caddy' }) + held.join('') + END]]),
  )
  expect(burst?.fix.split('\n').map((line) => line.split(':')[0])).toEqual([expect.any(String), 'nginx', 'Caddy'])
})
