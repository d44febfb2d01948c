import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@sse-from-scratch/testkit'
import { createRecorder, openRecordingFile, readRecordingFile } from '@sse-from-scratch/wire-xray/recording'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytes, carried } from './entries.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'))
})
afterEach(() => rm(folder, { recursive: true }))
const path = () => join(folder, 'a.xray.jsonl')

const LINES = [
  'open',
  'up GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ****** ************\r\n\r\n',
  'down HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
  'down \x00\xff',
  'gap down',
  'stall',
]

/** A recording of a connection on which everything happened that can. */
async function written(): Promise<void> {
  const file = await openRecordingFile(path(), { target: 'http://a' })
  const recorder = createRecorder({ record: file.next() })
  const connection = recorder.open({ address: '192.0.2.1:80' })
  connection.bytes('up', bytes('GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-012345678\r\n\r\n'))
  connection.bytes('down', bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'))
  connection.bytes('down', bytes('\x00\xff'))
  connection.gap('down', 9)
  connection.stall(1000)
  recorder.close()
  await file.close()
}

describe('A recording file', () => {
  test('is read as it was written, one entry a read', async () => {
    await written()
    const recording = await readRecordingFile(path())
    expect(carried(recording.entries).map((line) => line.replace(/\*{6} ?\*+/, '****** ************'))).toEqual(LINES)
    expect(recording.cut).toBe(false)
  })

  test('has no secret in it', async () => {
    await written()
    expect(await readFile(path(), 'utf8')).not.toContain('sk-012345678')
  })

  test('that was cut anywhere behind its first line is read up to the line that was cut', async () => {
    await written()
    const text = await readFile(path(), 'utf8')
    const whole = await readRecordingFile(path())
    for (let size = text.length - 1; size > text.indexOf('\n'); size -= 3) {
      await truncate(path(), size)
      const { entries, cut } = await readRecordingFile(path())
      expect(entries).toEqual(whole.entries.slice(0, entries.length))
      expect(entries.length).toBeGreaterThanOrEqual(text.slice(0, size).split('\n').length - 2)
      if (cut) expect(text[size - 1]).not.toBe('\n')
    }
  })

  test.each([
    ['another version', '{"xray":2}\n', 'version 2'],
    ['something else', 'dear diary\n', 'the first line of a recording begins with {"xray":1'],
    ['an empty file', '', 'the first line of a recording begins with {"xray":1'],
  ])('%s is no recording, and it is said why', async (_name, text, message) => {
    await writeFile(path(), text)
    await expect(readRecordingFile(path())).rejects.toMatchObject({
      code: 'LLM_BAD_RECORDING',
      message: expect.stringContaining(message),
    })
  })

  test('with a broken line is read but for that line, which is named', async () => {
    await writeFile(
      path(),
      '{"xray":1}\nnope\n{"t":1,"c":1,"k":"open"}\n{"t":2,"c":1,"k":"down","s":"HT\n{"t":3,"c":2}\n',
    )
    expect(await readRecordingFile(path())).toMatchObject({
      entries: [{ kind: 'open' }, { kind: 'gap', at: 1, connection: 1, direction: 'down' }],
      skipped: [
        { number: 2, why: 'not JSON' },
        { number: 4, why: 'not JSON' },
      ],
      cut: false,
    })
  })

  test('larger than the limit is not read into memory', async () => {
    await written()
    await expect(readRecordingFile(path(), 100)).rejects.toMatchObject({ code: 'LLM_BAD_RECORDING' })
    await expect(readRecordingFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.skipIf(process.platform === 'win32')('on a full disk says so once, and nobody has to wait for it', async () => {
    const script = join(import.meta.dirname, 'full-disk.ts')
    const node = [process.execPath, '--conditions=@sse-from-scratch/source', '--import=tsx', script, path()]
    const quoted = node.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = await run('sh', ['-c', `ulimit -f 1024 && exec ${quoted}`])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ told: ['EFBIG'], closed: 'EFBIG' })
  })
})
