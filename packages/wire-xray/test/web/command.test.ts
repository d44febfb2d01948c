import { request, serve } from '@sse-from-scratch/chunked'
import { expect, test } from 'vitest'
import { xray } from '../cli/xray.ts'
import { rawAnswer } from './streams.ts'

const RECORDING = new URL('../live/anthropic.xray.jsonl', import.meta.url).pathname
const PAGE = /http:\/\/127\.0\.0\.1:(\d+)\//

test('xray web shows a recording until it is told to stop', async () => {
  const running = xray(['web', '--port', '0', RECORDING])
  const [url] = await running.says(PAGE)
  const { exchanges, title } = (await (await fetch(`${url}exchanges`)).json()) as Record<string, unknown>
  expect(title).toBe('anthropic.xray.jsonl')
  expect(exchanges).toMatchObject([{ method: 'POST', target: '/v1/messages', status: '200 OK' }])
  running.stop()
  expect((await running.ended).code).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test('xray --web shows what goes by', async () => {
  await using server = await serve(async (_request, respond) => {
    await respond(200, { 'Content-Type': 'text/event-stream' }, 'data: hi\n\n')
  })
  const running = xray([`${server.address.port}`, '--port', '0', '--web', '0', '--view', 'none'])
  const [, proxy] = await running.says(/listens at (\S+)/)
  const [, port] = await running.says(/page is at http:\/\/127\.0\.0\.1:(\d+)\//)
  await using response = await request(`${proxy}/chat`, { fields: { Connection: 'close' } })
  await response.body.text()
  const told = await eventsUntil(Number(port), '"what":"event"')
  expect(told).toContain('"target":"/chat"')
  running.stop()
  expect((await running.ended).code).toBe(0)
})

test.each([
  [['web'], 2, 'file is missing'],
  [['web', 'a', 'b', 'c'], 2, 'two files at most'],
  [['web', '/nowhere.xray.jsonl'], 1, 'ENOENT'],
  [['localhost:1', '--web', 'x'], 2, '--web'],
])('xray %j is exit code %i', async (argv, code, words) => {
  const ended = await xray(argv).ended
  expect(ended.code).toBe(code)
  expect(ended.stderr).toContain(words)
})

/** All that the page is told, asked until it has these words. */
async function eventsUntil(port: number, words: string): Promise<string> {
  for (;;) {
    const host = `Host: localhost:${port}\r\n`
    const list = await rawAnswer(port, `GET /exchanges HTTP/1.1\r\n${host}`)
    const items = await rawAnswer(port, `GET /items?tap=0&number=1 HTTP/1.1\r\n${host}`)
    if (items.includes(words)) return list
  }
}
