import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { toPcap } from '@sse-from-scratch/wire-xray/export'
import type { RecordedRead, Recording } from '@sse-from-scratch/wire-xray/recording'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recorded } from '../recording/entries.ts'

const ASK = 'GET /chat HTTP/1.1\r\nHost: example.test\r\n\r\n'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const OPEN = { kind: 'open', at: 0, connection: 1 } as const

describeWith(['tshark'], 'A capture made of a recording', ([tshark]) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pcap-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A line of the fields for each packet, checksums verified. */
  async function dissected(recording: Recording, ...fields: readonly string[]): Promise<readonly string[][]> {
    const path = join(folder, 'recording.pcapng')
    await writeFile(path, toPcap(recording))
    const preferences = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'tcp.relative_sequence_numbers:FALSE']
    const options = [...preferences.flatMap((each) => ['-o', each]), ...fields.flatMap((field) => ['-e', field])]
    const args = ['-r', path, '-T', 'fields', '-E', 'separator=|', ...options]
    const { stdout } = await run((tshark as { path: string }).path, args)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('|'))
  }

  test('has the handshake, each read as a segment at its time, both FIN, the status and every chunk', async () => {
    const stream = recorded(
      ['up', ASK, 10],
      ['down', HEAD, 20],
      ['down', '5\r\nhello\r\na\r\n', 25],
      ['down', '0123456789\r\n0\r\n\r\n', 325],
      ['fin', 'down', 400],
      ['fin', 'up', 401],
    )
    const what = ['tcp.flags.str', 'tcp.len', 'frame.time_epoch', 'http.response.code', 'http.chunk_size']
    const odd = ['tcp.analysis.flags', 'ip.checksum.status', 'tcp.checksum.status']
    const lines = await dissected(stream, ...what, ...odd)
    const start = Date.parse(stream.head.startedAt) / 1000
    const rows = lines.map(([flags = '', size, time, ...more]) => {
      return [flags.replaceAll('·', ''), Number(size), Math.round((Number(time) - start) * 1000), ...more]
    })
    const right = ['', '1', '1'] // nothing that an analyst would wonder at, and both checksums
    expect(rows).toEqual([
      ['S', 0, 10, '', '', ...right],
      ['AS', 0, 10, '', '', ...right],
      ['A', 0, 10, '', '', ...right],
      ['AP', ASK.length, 10, '', '', ...right],
      ['AP', HEAD.length, 20, '', '', ...right],
      ['AP', 13, 25, '', '', ...right],
      ['AP', 17, 325, '200', '5,10,0', ...right],
      ['AF', 0, 400, '', '', ...right],
      ['AF', 0, 401, '', '', ...right],
    ])
  })

  test('has a read of more than 64 KiB in several segments, and no byte of it is missing', async () => {
    const size = 200_000
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`
    const large = recorded(['up', ASK], ['down', head], ['down', 'x'.repeat(size)])
    const lines = await dissected(large, 'tcp.len', 'http.file_data', 'tcp.checksum.status')
    expect(lines.slice(-4).map(([size]) => Number(size))).toEqual([65_495, 65_495, 65_495, 3515])
    expect(lines.at(-1)?.[1]?.length).toBeGreaterThanOrEqual(size)
    expect(new Set(lines.map(([, , status]) => status))).toEqual(new Set(['1']))
  })

  test('says in comments what no packet can, and has the RST; what was not recorded is missing there, too', async () => {
    const gap: RecordedRead = { kind: 'gap', at: 3, connection: 1, direction: 'down', size: 500 }
    const open: RecordedRead = { ...OPEN, address: '192.0.2.7:443', tls: 'TLSv1.3', alpn: 'http/1.1' }
    const recording = recorded(open, ['up', ASK], ['down', HEAD], gap, ['down', 'x'], ['reset', 'down'])
    const lines = await dissected(recording, 'tcp.flags.str', 'tcp.seq', 'ip.dst', 'frame.comment')
    expect(lines[0]?.slice(2)).toEqual(['192.0.2.7', 'connection 1 to 192.0.2.7:443, inside of TLSv1.3 (http/1.1)'])
    const [head, missing, behind, reset] = lines.slice(-4)
    expect(missing?.[3]).toBe('500 bytes before this were not recorded')
    expect(Number(behind?.[1]) - Number(head?.[1])).toBe(HEAD.length + 500)
    expect(reset?.[0]).toContain('R')
  })

  test('keeps connections apart that went on at the same time, and speaks IPv6 with who has such an address', async () => {
    const answer = `${HEAD}0\r\n\r\n`
    const one = recorded(OPEN, ['up', ASK], ['down', answer]).entries
    const two = one.map((entry) => ({ ...entry, connection: 2 }))
    const three = one.map((entry) => {
      const moved = { ...entry, connection: 3 }
      return moved.kind === 'open' ? { ...moved, address: '[2001:db8::7]:80' } : moved
    })
    const entries = one.flatMap((entry, index) => [entry, two[index] as RecordedRead, three[index] as RecordedRead])
    const lines = await dissected(
      { ...recorded(), entries },
      'tcp.stream',
      'http.response.code',
      'ipv6.src',
      'tcp.checksum.status',
    )
    expect(lines.filter(([, code]) => code === '200')).toEqual([
      ['0', '200', '', '1'],
      ['1', '200', '', '1'],
      ['2', '200', '2001:db8::7', '1'],
    ])
  })
})

test('A recording of nothing is a capture without packets: its two headers', () => {
  const file = new DataView(toPcap(recorded()).buffer)
  const section = file.getUint32(4, true)
  expect(file.getUint32(0, true)).toBe(0x0a0d0d0a)
  expect(section + file.getUint32(section + 4, true)).toBe(file.byteLength)
})
