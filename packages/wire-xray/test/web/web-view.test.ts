import { readdir } from 'node:fs/promises'
import type { createTimeline } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import { expect, test } from 'vitest'
import { chunk, HEAD, rawAnswer, recorded, token, tokens, twoTaps } from './streams.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a page is told is looked at by its parts
const ask = async (url: string, path: string): Promise<any> => (await fetch(new URL(path, url))).json()

/** All parts of an answer that comes in lines. */
// biome-ignore lint/suspicious/noExplicitAny: likewise
async function askParts(url: string, path: string): Promise<any[]> {
  const text = await (await fetch(new URL(path, url))).text()
  return text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

test('an exchange is told with its items, its times and what is wrong with it', async () => {
  const exchanges = await recorded('GET /chat HTTP/1.1\r\nHost: a\r\n\r\n', tokens(3).slice(0, 3))
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  const { exchanges: list } = await ask(view.url, '/exchanges')
  expect(list).toMatchObject([
    { tap: 0, number: 1, method: 'GET', target: '/chat', status: '200 OK', end: { kind: 'cut' } },
  ])
  const items = (await askParts(view.url, '/items?tap=0&number=1')).flatMap((part) => part.items)
  expect(items.filter(({ what }) => what === 'delta').map(({ adds }) => adds)).toEqual(['w0 ', 'w1 '])
  const judgement = await ask(view.url, '/judgement?tap=0&number=1')
  expect(judgement.items).toBe(items.length)
  expect(judgement.findings.map(({ code }: { code: string }) => code)).toContain('NO_TERMINATOR')
  expect(judgement.timings.firstToken).toBeGreaterThan(0)
  const { rows } = await ask(view.url, '/bytes?tap=0&number=1&direction=down&from=0')
  expect(rows.map(({ element }: { element: string }) => element)).toContain('chunk-size')
})

test('the outline says how far the items go, and their parts leave none out, from whichever place', async () => {
  const exchanges = await recorded('GET / HTTP/1.1\r\nHost: a\r\n\r\n', tokens(150))
  const count = exchanges[0]?.items.length ?? 0
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  const { exchange, reach } = await ask(view.url, '/outline?tap=0&number=1')
  expect(exchange.items).toBe(count)
  expect(reach).toMatchObject({ events: 151, tokens: 150 })
  const all = (await askParts(view.url, '/items?tap=0&number=1')).flatMap((part) => part.items)
  expect(all.at(-1).at).toBe(reach.at)
  const down = all.filter(({ kind, down: isDown }) => kind === 'read' && isDown)
  expect(reach.bytes).toBe(down.at(-1).bytes[0][1] - down[0].bytes[0][0])
  for (const from of [0, 1, 199, 200, 201, count - 1, count, count + 1]) {
    const parts = await askParts(view.url, `/items?tap=0&number=1&from=${from}`)
    expect(parts.flatMap((part) => part.items)).toEqual(all.slice(from))
    for (const part of parts) expect(part.items[0]).toEqual(all[part.from])
  }
})

test('rows of bytes leave no byte out, wherever they begin', async () => {
  const exchanges = await recorded('GET / HTTP/1.1\r\nHost: a\r\n\r\n', tokens(100))
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  for (const from of [0, 999, 5000, 1e9]) {
    const { rows, range } = await ask(view.url, `/bytes?tap=0&number=1&from=${from}`)
    for (const [n, row] of rows.slice(1).entries()) expect(row.start).toBe(rows[n].start + rows[n].size)
    expect(rows[0].start).toBeGreaterThanOrEqual(range[0])
    if (from < range[1])
      expect(
        rows.some((row: { start: number; size: number }) => row.start <= from && from < row.start + row.size),
      ).toBe(true)
  }
})

test('credentials reach the page as stars, also of a recording that nobody masked', async () => {
  const exchanges = await recorded(
    'POST /v1?key=SECRET-IN-QUERY HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer SECRET-KEY-0123\r\nContent-Length: 0\r\n\r\n',
    [`${HEAD.replace('\r\n\r\n', '\r\nSet-Cookie: id=SECRET-COOKIE\r\n\r\n')}${chunk(token('hi'))}`],
  )
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  const told = await Promise.all(
    [
      '/exchanges',
      '/outline?tap=0&number=1',
      '/items?tap=0&number=1',
      '/judgement?tap=0&number=1',
      '/bytes?tap=0&number=1&direction=up',
      '/bytes?tap=0&number=1',
    ].map(async (path) => {
      const text = await (await fetch(new URL(path, view.url))).text()
      const rows = path.startsWith('/bytes') ? JSON.parse(text).rows : []
      return text + rows.map(({ b64 }: { b64: string }) => Buffer.from(b64, 'base64').toString()).join('')
    }),
  )
  expect(told.join('')).toContain('**')
  expect(told.join('')).not.toContain('SECRET')
})

test('of two taps the page learns how long each event was held', async () => {
  const [front, back] = await twoTaps('merge=all,delay=30ms', ['one', 'two', 'three'])
  await using view = await startWebView({
    taps: [
      { name: 'in front', ...snapshot(front) },
      { name: 'behind', ...snapshot(back) },
    ],
  })
  expect((await ask(view.url, '/outline?tap=0&number=1')).twin).toBe(1)
  const { held } = await ask(view.url, '/judgement?tap=0&number=1')
  expect(held.p50).toBeGreaterThan(29)
  expect(held.max).toBeGreaterThanOrEqual(held.p50)
})

const snapshot = ({ exchanges }: ReturnType<typeof createTimeline>) => ({ exchanges })

test('a page that comes hears where it can go on from, one that comes back hears the rest, and one that missed too much is told', async () => {
  const exchanges = [...(await recorded('GET / HTTP/1.1\r\nHost: a\r\n\r\n', tokens(3)))]
  const shown: typeof exchanges = []
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: shown }], live: true })
  const { port } = view.address
  const opened = await eventsUntil(port, '/events', '', 'data: new')
  const id = idIn(opened)
  const first = await eventsUntil(port, '/events', `Last-Event-ID: ${id}\r\n`, 'event: items', () => {
    shown.push(...exchanges)
    view.changed()
  })
  expect(first).not.toContain('event: reset')
  expect(idIn(first)).not.toBe(id)
  const rest = await eventsUntil(port, '/events', `Last-Event-ID: ${idIn(first)}\r\n`, 'event: items')
  expect(rest.match(/event: exchange/g) ?? []).toHaveLength(0) // that was the one it had
  const again = await eventsUntil(port, `/events?after=${id}`, '', 'event: items')
  expect(again).not.toContain('event: reset')
  expect(again).toContain('event: exchange')
  const gap = await eventsUntil(port, '/events', 'Last-Event-ID: long-ago\r\n', 'data: gap')
  expect(idIn(gap)).not.toBe('')
})

/** The id that stands there first. */
function idIn(heard: string): string {
  return /(?<=id: ).*/.exec(heard)?.[0] ?? ''
}

test('other sites are refused, and names that somebody pointed at this machine', async () => {
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: [] }] })
  const { port } = view.address
  const get = (path: string, fields: string) => rawAnswer(port, `GET ${path} HTTP/1.1\r\n${fields}`)
  expect(await get('/', `Host: evil.example:${port}\r\n`)).toMatch(/^HTTP\/1.1 403/)
  expect(await get('/exchanges', `Host: localhost:${port}\r\nOrigin: http://evil.example\r\n`)).toMatch(
    /^HTTP\/1.1 403/,
  )
  expect(await get('/exchanges', `Host: localhost:${port}\r\nSec-Fetch-Site: cross-site\r\n`)).toMatch(/^HTTP\/1.1 403/)
  expect(await get('/exchanges', `Host: localhost:${port}\r\n`)).toMatch(/^HTTP\/1.1 200/)
  const link = `Host: localhost:${port}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n`
  expect(await get('/', link)).toMatch(/^HTTP\/1.1 200/)
})

test('what there is not is 404, what nobody may do is 405, and only this machine is listened to', async () => {
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: [] }] })
  for (const path of [
    '/nothing',
    '/items?tap=0&number=9',
    '/outline?tap=7&number=NaN',
    '/bytes?tap=-1',
    '/../package.json',
  ]) {
    expect((await fetch(new URL(path, view.url))).status, path).toBe(404)
  }
  expect((await fetch(view.url, { method: 'POST' })).status).toBe(405)
  await expect(startWebView({ taps: [{ name: 'a', exchanges: [] }], host: '0.0.0.0' })).rejects.toThrow(TypeError)
  await expect(startWebView({ taps: [] })).rejects.toThrow(RangeError)
})

test('every file of the page may load nothing but what is here, and is asked for at once', async () => {
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: [] }] })
  const page = await fetch(view.url)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/)
  const preloaded = [...html.matchAll(/modulepreload" href="\/(.*)"/g)].map(([, name]) => name)
  const scripts = (await readdir(new URL('../../page/', import.meta.url))).filter((name) => name.endsWith('.js'))
  expect(new Set([...preloaded, 'page.js'])).toEqual(new Set(scripts))
  for (const name of scripts) expect((await fetch(new URL(name, view.url))).status, name).toBe(200)
})

/** What is heard until these words come. */
async function eventsUntil(
  port: number,
  path: string,
  field: string,
  words: string,
  opened: () => void = () => {},
): Promise<string> {
  const leave = new AbortController()
  const [name = '', value = ''] = field.trim().split(': ')
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    signal: leave.signal,
    headers: name === '' ? {} : { [name]: value },
  })
  opened()
  let heard = ''
  for await (const part of response.body ?? []) {
    heard += new TextDecoder().decode(part)
    if (heard.includes(words) && heard.endsWith('\n\n')) break
  }
  leave.abort()
  return heard
}
