import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toFixture, toMarkdown } from '@sse-from-scratch/wire-xray/export'
import type { RecordedRead } from '@sse-from-scratch/wire-xray/recording'
import { describe, expect, test } from 'vitest'
import { recorded, text } from '../recording/entries.ts'

const ASK = 'GET /chat?key=****** HTTP/1.1\r\nHost: a\r\n\r\n'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const DELTA = 'data: {"choices":[{"delta":{"content":"a|b `c` <i>"}}]}\n\n'
const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`

const stream = recorded(
  { kind: 'open', at: 0, connection: 1, address: '192.0.2.1:443', tls: 'TLSv1.3' },
  ['up', ASK, 2],
  ['down', HEAD, 302.4],
  ['down', chunk(DELTA), 310],
  ['down', '8\r\ndata', 400],
  ['reset', 'down', 1400],
)

describe('The report of a recording', () => {
  test('reads well: what was asked, what came when, and how it ended', async () => {
    expect(await toMarkdown(stream)).toMatchInlineSnapshot(`
      "# http://example.test, recorded 2026-11-20T10:00:00.000Z

      | # | connection | request | status | first byte | last byte | size | end |
      |--:|--:|---|---|--:|--:|--:|---|
      | 1 | 1 | \`GET /chat\` | 200 OK | 300 ms | 398 ms | 150 B | cut short (reset) |

      ## Connection 1

      | at | gap | | what |
      |--:|--:|---|---|
      | 0.0 ms |  |  | connected to 192.0.2.1:443, TLSv1.3 |
      | 2.0 ms | +2.0 ms | ▲ 42 B | head \`GET /chat?…\` |
      | 302 ms | +300 ms | ▼ 80 B | head \`200 OK\` |
      | 310 ms | +7.6 ms | ▼ 63 B | delta \`choices[0].delta.content = "a\\|b ˋcˋ <i>"\` |
      | 400 ms | +90.0 ms | ▼ 7 B |  |
      | 1400 ms | +1000 ms | ▼ | **RST**<br>**error**: the stream ends at byte 150: the stream ended in chunk-data<br>**unfinished**: the stream ended inside an event: it is never dispatched (HTML §9.2.6) |
      "
    `)
  })

  test('shows nothing as anything but text, and no row has other columns than its table', async () => {
    const rows = (await toMarkdown(stream)).split('\n').filter((line) => line.startsWith('|'))
    const columns = rows.map((row) => row.replaceAll('\\|', '').split('|').length - 2)
    expect(new Set(columns)).toEqual(new Set([8, 4]))
    expect(await toMarkdown(stream)).toMatch(/`[^`]*<i>[^`]*`/) // in code
  })

  test('leaves out the middle of a long one, and says how much', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => ['down', chunk(`data: ${n}\n\n`)] as const)
    const report = await toMarkdown(recorded(['up', ASK], ['down', HEAD], ...many))
    expect(report.split('\n').length).toBeLessThan(230)
    expect(report).toContain('… 802 more …')
  })

  test('says what is missing in it', async () => {
    const gap: RecordedRead = { kind: 'gap', at: 5, connection: 1, direction: 'down', size: 12_345 }
    const stall: RecordedRead = { kind: 'stall', at: 6, connection: 1, milliseconds: 5000 }
    const report = await toMarkdown({ ...recorded(['up', ASK], gap, stall), cut: true })
    expect(report).toContain('12.3 kB were not recorded')
    expect(report).toContain('silence for 5000 ms, and then the recording ends')
    expect(report).toContain('The recording was cut in the middle of its last line.')
  })

  test('of what is no HTTP says so', async () => {
    expect(await toMarkdown(recorded(['up', '\x16\x03\x01']))).toContain('There is no HTTP/1 exchange in it.')
  })
})

/** What source text takes for something else. */
const ODD = ['"', '\\', "'", '`', '$', '{x}', '\n'].join('')

describe('The fixture of a recording', () => {
  test('is a module that has the same reads, and how it ended', async () => {
    const strange = recorded(['up', 'GET /\u00ff\u0000\u2028'.slice(0, 7)], ['down', ODD], ['fin', 'down'])
    const folder = await mkdtemp(join(tmpdir(), 'fixture-'))
    try {
      const path = join(folder, 'fixture.ts')
      await writeFile(path, toFixture(strange))
      const { connections } = await import(pathToFileURL(path).href)
      expect(connections).toHaveLength(1)
      expect(connections[0].end).toBe('fin down')
      expect(connections[0].reads.map((read: { bytes: Uint8Array }) => text(read.bytes))).toEqual([
        'GET /\u00ff\u0000',
        ODD,
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('has nothing but ASCII in it, and no line of the recording can end its comment', () => {
    const { entries, cut } = recorded(['down', '\u00e9\u007f'])
    const head = { startedAt: "x\n*/ throw 'x'", target: "http://a'\n", redacted: [] }
    const source = toFixture({ head, entries, cut })
    expect(source).toMatch(/^[\n\x20-\x7e]*$/)
    expect(source.split('\n')[0]).toMatch(/^\/\/ What was read/)
  })
})
