import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openSession, serve } from '@sse-from-scratch/sse-server/raw'
import { describeWith, randomFrom, run, startChromium } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { CONTESTANTS, compare, type DirectRow, EVENTS_BEFORE_CUT } from '../compare/compare.ts'
import { startLine } from '../compare/line.ts'
import { drawTimeline } from '../compare/picture.ts'
import { compareProxies, PROXY_CASES, PROXY_CONTESTANTS, type ProxyRow } from '../compare/proxies.ts'
import { QUICK } from '../compare/settings.ts'
import { account, quantile } from '../compare/statistics.ts'
import { asMarkdown, asText, tablesOf } from '../compare/table.ts'
import { createTicker } from '../compare/ticker.ts'

// Never how long something took: only what must hold on any machine.

describe('the comparison, in small', async () => {
  const report = await compare(QUICK)
  const row = (name: string): DirectRow => {
    const found = report.direct.find((candidate) => candidate.name === name)
    if (found === undefined) throw new Error(`there is no row ${name}`)
    return found
  }

  test('has a row for everybody, over the same ticks', () => {
    expect(report.direct.map(({ name }) => name)).toEqual(CONTESTANTS.map(({ name }) => name))
    expect(report.published).toBe(QUICK.events + QUICK.cuts * (EVENTS_BEFORE_CUT + 2 + QUICK.eventsAfterCut))
  })

  test.each(['SSE', 'WebSocket, resuming by id', 'long polling', 'polling'])(
    '%s misses nothing and hears nothing twice, although its line is cut',
    (name) => {
      expect(row(name)).toMatchObject({ missed: 0, doubled: 0 })
    },
  )

  test('WebSocket as it comes misses what was on its way and what came before it was back', () => {
    expect(row('WebSocket').missed).toBeGreaterThanOrEqual(2 * QUICK.cuts)
    expect(row('WebSocket').doubled).toBe(0)
  })

  test('an open stream costs nothing upwards, and no request', () => {
    expect(row('SSE')).toMatchObject({ bytesPerEvent: { up: 0 }, requestsPer100Events: 0 })
    expect(row('SSE').silencePerMinute.up).toBe(0)
    expect(row('WebSocket').requestsPer100Events).toBe(0)
  })

  test('a long poll costs a request for each answer, with a head each way', () => {
    expect(row('long polling').requestsPer100Events).toBeGreaterThan(0)
    expect(row('long polling').bytesPerEvent.up).toBeGreaterThan(row('polling').bytesPerEvent.up)
  })

  test('polling costs as long as nothing happens, too', () => {
    expect(row('polling').silencePerMinute.up).toBeGreaterThan(row('WebSocket').silencePerMinute.up)
    expect(row('polling').silencePerMinute.down).toBeGreaterThan(row('SSE').silencePerMinute.down)
  })

  test('can be printed, and drawn', () => {
    const tables = tablesOf(report)
    expect(tables.map(({ title }) => title)).toEqual(['In peace', 'When the line is cut'])
    for (const table of tables) {
      const widths = new Set(
        asText(table)
          .trimEnd()
          .split('\n')
          .slice(-table.rows.length)
          .map(({ length }) => length),
      )
      expect(widths.size, 'its columns are aligned').toBe(1)
    }
    const picture = drawTimeline(report.timeline)
    expect(picture).not.toMatch(/NaN|undefined/)
    const crosses = report.timeline.lanes.reduce((sum, { missed }) => sum + missed.length, 0)
    expect(picture.match(/class="missed"/g) ?? []).toHaveLength(crosses)
  })
})

describeWith(['nginx'], 'the comparison through nginx', () => {
  test('says what each of them needs', { timeout: 180_000 }, async () => {
    // A machine that stood still for as long as nginx waits has measured itself: once more, with more patience.
    for (const timeToCome of [1500, 5000]) {
      const wrong = wrongIn(await compareProxies(QUICK, timeToCome))
      if (wrong.length === 0) return
    }
    expect(wrongIn(await compareProxies(QUICK, 15_000))).toEqual([])
  })

  /** The first of our claims that does not hold. */
  function wrongIn(rows: readonly ProxyRow[]): string[] {
    try {
      expectClaims(rows)
      return []
    } catch (error) {
      return [`${error}`]
    }
  }

  function expectClaims(rows: readonly ProxyRow[]): void {
    expect(rows.map(({ name }) => name)).toEqual(PROXY_CONTESTANTS.map(({ name }) => name))
    const of = (name: string) => rows.find((row) => row.name === name)?.results as ProxyRow['results']
    const all = { heard: 20, published: 20 }
    expect(of('SSE').stock).toMatchObject(all)
    expect(of('SSE without X-Accel-Buffering').stock).toMatchObject({ heard: 0, published: 20 })
    expect(of('WebSocket, resuming by id').stock).toMatchObject({ heard: 0, trouble: expect.stringContaining('426') })
    expect(of('long polling').stock).toMatchObject(all)
    expect(of('polling').stock).toMatchObject(all)
    for (const { name, results } of rows) {
      expect(results.fitted, name).toMatchObject(all)
      expect(results['silent with heartbeats'], name).toMatchObject({ heard: 2, published: 2 })
    }
    for (const name of ['SSE', 'WebSocket, resuming by id']) {
      expect(of(name).silent.requests, `${name} is cut by the read timeout`).toBeGreaterThan(1)
      expect(of(name)['silent with heartbeats'].requests, `heartbeats keep ${name}`).toBe(1)
    }
  }
})

describeWith(['chromium'], 'the limit that the page names', () => {
  test('Chromium keeps six event streams to an origin open, and the next one waits', { timeout: 120_000 }, async () => {
    let asked = 0
    await using server = await serve(async (request, respond) => {
      if (request.target !== '/events') return void (await respond(200, { 'Content-Type': 'text/html' }, '<title>six'))
      asked++
      await using session = await openSession(request, respond)
      await session.closed
    })
    const { port } = server.address
    await using browser = await startChromium()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.evaluate(`new Promise((resolve) => {
      window.opened = 0
      window.sources = Array.from({ length: 9 }, () => new EventSource('/events'))
      for (const source of sources) source.onopen = () => ++opened === 6 && resolve()
    })`)
    // Another name is another origin, and not in the queue. In five of its round trips, nobody else got through.
    const trip = `fetch('http://localhost:${port}/', { mode: 'no-cors' })`
    for (let i = 0; i < 5; i++) await page.evaluate(trip)
    expect({ asked, opened: await page.evaluate('opened') }).toEqual({ asked: 6, opened: 6 })
    await page.evaluate(`new Promise((resolve) => {
      for (const source of sources) source.addEventListener('open', resolve, { once: true })
      sources.find(({ readyState }) => readyState === EventSource.OPEN).close()
    })`)
    expect(asked).toBe(7)
  })
})

describe('its parts', () => {
  test('the same seed tells the same story, another one another', () => {
    const story = (seed: number) => {
      const ticker = createTicker(randomFrom(seed))
      return Array.from({ length: 5 }, () => ticker.publish().text)
    }
    expect(story(1)).toEqual(story(1))
    expect(story(1)).not.toEqual(story(2))
  })

  test('the ticker tells each follower everything after its id, once, until it stops', () => {
    const ticker = createTicker(randomFrom(1))
    const heard: number[][] = [[], []]
    ticker.publish()
    ticker.publish()
    const stop = ticker.follow(1, ({ id }) => heard[0]?.push(id))
    ticker.follow(2, ({ id }) => heard[1]?.push(id))
    ticker.publish()
    stop()
    ticker.publish()
    expect(heard).toEqual([
      [2, 3],
      [3, 4],
    ])
  })

  test('a line counts what crosses it, both ways, and cuts it off', async () => {
    const { echo, listen, connect } = await import('@sse-from-scratch/tcp-echo')
    await using server = await listen(echo)
    await using line = await startLine(server.address.port)
    const connection = await connect({ port: line.port })
    await connection.write(new Uint8Array(1000))
    for (let read = 0; read < 1000; ) read += (await connection.read())?.length ?? 1000
    expect(line.traffic).toEqual({ up: 1000, down: 1000 })
    line.cut()
    await expect(connection.read()).rejects.toMatchObject({ code: 'TCP_RESET' })
    await using next = await connect({ port: line.port })
    await next.write(new Uint8Array(1))
    expect(await next.read()).toHaveLength(1)
  })

  test('statistics: nearest rank, and what is missing or double', () => {
    expect([0, 0.5, 0.99, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 2, 4, 4])
    expect(quantile([], 0.5)).toBeNaN()
    expect(
      account(
        [
          { id: 1, at: 0 },
          { id: 1, at: 1 },
          { id: 3, at: 2 },
        ],
        3,
      ),
    ).toEqual({ missed: 1, doubled: 1 })
  })
})

describe('the page about it', () => {
  test('has the tables of the program: their heads, and a row for everybody', () => {
    const page = readFileSync(new URL('../../docs/compare.md', import.meta.url), 'utf8')
    const result = { heard: 0, published: 0, latency: 0, requests: 0, trouble: undefined }
    const results = Object.fromEntries(PROXY_CASES.map((name) => [name, result])) as ProxyRow['results']
    const zero = { up: 0, down: 0 }
    const direct = CONTESTANTS.map(({ name }) => ({
      name,
      latency: { p50: 0, p99: 0 },
      bytesPerEvent: zero,
      requestsPer100Events: 0,
      missed: 0,
      doubled: 0,
      recovery: { median: 0, max: 0 },
      silencePerMinute: zero,
    }))
    const proxies = PROXY_CONTESTANTS.map(({ name }) => ({ name, results }))
    const timeline = { from: 0, to: 0, published: [], lanes: [] }
    for (const table of tablesOf({ settings: QUICK, published: 0, direct, proxies, timeline })) {
      const [title = '', , head = '', rule = '', ...rows] = asMarkdown(table).trimEnd().split('\n')
      const start = page.indexOf(`${title}\n\n${head}\n${rule}\n`)
      expect(start, title).toBeGreaterThan(0)
      const shown = page
        .slice(start)
        .split('\n')
        .slice(4, 4 + rows.length + 1)
      expect(shown.map(firstCell)).toEqual([...rows.map(firstCell), undefined])
    }
  })

  function firstCell(line: string): string | undefined {
    return /^\| ([^|]+) \|/.exec(line)?.[1]
  }
})

describe('the command', () => {
  const node = ['--conditions=@sse-from-scratch/source', '--import', 'tsx']
  const file = fileURLToPath(new URL('../compare/main.ts', import.meta.url))

  test('does not start with a seed that is none', async () => {
    const { code, stderr } = await run(process.execPath, [...node, file, '--seed', 'x'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^--seed must be a whole number.*\n$/) })
  })
})
