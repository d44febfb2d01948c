import type { createTimeline } from '@sse-from-scratch/wire-xray/timeline'
import { startWebView } from '@sse-from-scratch/wire-xray/web'
import { expect, test } from 'vitest'
import { chunk, HEAD, rawAnswer, recorded, token, tokens, twoTaps } from './streams.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a page is told is looked at by its parts
const ask = async (url: string, path: string): Promise<any> => (await fetch(new URL(path, url))).json()

test('an exchange is told with its items, its times and what is wrong with it', async () => {
  const exchanges = await recorded('GET /chat HTTP/1.1\r\nHost: a\r\n\r\n', tokens(3).slice(0, 3))
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges }] })
  const { exchanges: list } = await ask(view.url, '/exchanges')
  expect(list).toMatchObject([
    { tap: 0, number: 1, method: 'GET', target: '/chat', status: '200 OK', end: { kind: 'cut' } },
  ])
  const whole = await ask(view.url, '/exchange?tap=0&number=1')
  expect(
    whole.list.filter(({ what }: { what?: string }) => what === 'delta').map(({ adds }: { adds: string }) => adds),
  ).toEqual(['w0 ', 'w1 '])
  expect(whole.findings.map(({ code }: { code: string }) => code)).toContain('NO_TERMINATOR')
  expect(whole.timings.firstToken).toBeGreaterThan(0)
  const { rows } = await ask(view.url, '/bytes?tap=0&number=1&direction=down&from=0')
  expect(rows.map(({ element }: { element: string }) => element)).toContain('chunk-size')
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
    ['/exchanges', '/exchange?tap=0&number=1', '/bytes?tap=0&number=1&direction=up', '/bytes?tap=0&number=1'].map(
      async (path) => {
        const text = await (await fetch(new URL(path, view.url))).text()
        const rows = path.startsWith('/bytes') ? JSON.parse(text).rows : []
        return text + rows.map(({ b64 }: { b64: string }) => Buffer.from(b64, 'base64').toString()).join('')
      },
    ),
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
  const whole = await ask(view.url, '/exchange?tap=0&number=1')
  expect(whole.twin).toBe(1)
  expect(whole.held).toHaveLength(3)
  for (const { milliseconds } of whole.held) expect(milliseconds).toBeGreaterThan(29)
})

const snapshot = ({ exchanges }: ReturnType<typeof createTimeline>) => ({ exchanges })

test('a page that lost the line hears the rest, and one that missed too much is told to ask again', async () => {
  const exchanges = [...(await recorded('GET / HTTP/1.1\r\nHost: a\r\n\r\n', tokens(3)))]
  const shown: typeof exchanges = []
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: shown }], live: true })
  const { port } = view.address
  const first = await eventsUntil(port, '', 'event: items', () => {
    shown.push(...exchanges)
    view.changed()
  })
  const [id = ''] = /(?<=id: ).*/.exec(first) ?? []
  expect(id).not.toBe('')
  const rest = await eventsUntil(port, `Last-Event-ID: ${id}\r\n`, 'event: items')
  expect(rest.match(/event: exchange/g) ?? []).toHaveLength(0) // that was the one it had
  expect(await eventsUntil(port, 'Last-Event-ID: long-ago\r\n', 'event: reset')).toContain('event: reset')
})

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
    '/exchange?tap=0&number=9',
    '/exchange?tap=7&number=NaN',
    '/bytes?tap=-1',
    '/../package.json',
  ]) {
    expect((await fetch(new URL(path, view.url))).status, path).toBe(404)
  }
  expect((await fetch(view.url, { method: 'POST' })).status).toBe(405)
  await expect(startWebView({ taps: [{ name: 'a', exchanges: [] }], host: '0.0.0.0' })).rejects.toThrow(TypeError)
  await expect(startWebView({ taps: [] })).rejects.toThrow(RangeError)
})

test('every file of the page may load nothing but what is here', async () => {
  await using view = await startWebView({ taps: [{ name: 'xray', exchanges: [] }] })
  const page = await fetch(view.url)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/)
})

/** What is heard until these words come. */
async function eventsUntil(port: number, field: string, words: string, opened: () => void = () => {}): Promise<string> {
  const leave = new AbortController()
  const [name = '', value = ''] = field.trim().split(': ')
  const response = await fetch(`http://127.0.0.1:${port}/events`, {
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
