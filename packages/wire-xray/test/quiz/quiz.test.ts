import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@sse-from-scratch/testkit'
import { parseRecording, type Recording } from '@sse-from-scratch/wire-xray/recording'
import { exchangesOf } from '@sse-from-scratch/wire-xray/timeline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decoderModule } from '../../src/cli/decoder-module.ts'
import { compareDecoder } from '../../src/quiz/compare-decoder.ts'
import type { DecoderModule } from '../../src/quiz/contracts.ts'
import { questionsOf } from '../../src/quiz/questions.ts'
import { xray as start } from '../cli/xray.ts'

const xray = (argv: readonly string[], input = '') => start(argv, { input }).ended

const FOLDER = new URL('../../recordings/', import.meta.url)
const PHASES = new URL('../../../../phases/', import.meta.url)
const CHUNKS = '1-chunked/04-the-decoder/'
const EVENTS = '2-sse/03-parser-line-by-line/'

const recordingOf = async (name: string): Promise<Recording> =>
  parseRecording(await readFile(new URL(`${name}.xray.jsonl`, FOLDER), 'utf8'))
const exchangeOf = async (name: string) => (await exchangesOf(await recordingOf(name), { withBytes: true }))[0]
const pathOf = (name: string) => new URL(`${name}.xray.jsonl`, FOLDER).pathname
const answersOf = async (folder: string, file: string) => import(new URL(folder + file, PHASES).href)

test('each recording in the repository has questions, whose right answer is one of different options', async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.xray.jsonl')).map((name) => name.split('.')[0])
  for (const name of names) {
    const exchange = await exchangeOf(name ?? '')
    const questions = exchange ? questionsOf(name ?? '', exchange, 78) : []
    expect(questions.length, name).toBeGreaterThan(0)
    for (const { options, right, evidence } of questions) {
      expect(new Set(options).size, name).toBe(options.length)
      expect(options[right], name).toBeDefined()
      expect(evidence.length, name).toBeGreaterThan(0)
      expect(options.length, name).toBeGreaterThan(1)
    }
  }
})

test('the solution is not told before there is an answer', async () => {
  const { stdout } = await xray(['quiz', '--json', pathOf('nginx-stock')])
  expect(stdout).not.toContain('BURST_AFTER_SILENCE')
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .every((line) => !('right' in line)),
  ).toBe(true)
  const answered = await xray(['quiz', '--json', '--answers', 'a,d', pathOf('nginx-stock')])
  expect(answered.stdout).toContain('BURST_AFTER_SILENCE')
})

test('answers are counted, given as words or piped, and what is no answer is asked again', async () => {
  const given = await xray(['quiz', '--answers', 'a,d', pathOf('nginx-stock')])
  expect(given.stdout.trimEnd().split('\n').at(-1)).toBe('2 of 2 right')
  const piped = await xray(['quiz', pathOf('nginx-stock')], 'nonsense\nb\nd\n')
  expect(piped.stdout.trimEnd().split('\n').at(-1)).toBe('1 of 2 right')
  const left = await xray(['quiz', pathOf('nginx-stock')], 'a\n')
  expect(left.stdout.trimEnd().split('\n').at(-1)).toBe('1 of 1 right; --from 2 goes on there')
  expect(piped.stdout).toContain('That is no answer.')
  expect((await xray(['quiz', '--answers', 'z', pathOf('nginx-stock')])).code).toBe(2)
})

test('the answers of the course agree with ours about every recording', async () => {
  const [chunks, events] = [await answersOf(CHUNKS, 'solution.ts'), await answersOf(EVENTS, 'solution.ts')]
  for (const name of ['nginx-stock', 'haproxy', 'cut', 'bad-chunk-size', 'no-blank-line', 'reset', 'caddy-crash']) {
    const exchange = await exchangeOf(name)
    for (const module of [chunks, events])
      expect(exchange && compareDecoder(module, exchange, 80)?.lines, name).toEqual([])
  }
})

test.each([
  ['decimal-size.ts', 'nginx-stock'],
  ['read-is-message.ts', 'nginx-stock-long'],
  ['forgets-the-rest.ts', 'nginx-stock-long'],
  ['crlf-in-one-read.ts', 'nginx-stock-long'],
  ['end-is-success.ts', 'cut'],
])('a decoder that is wrong as %s is told where', async (file, recording) => {
  const exchange = await exchangeOf(recording)
  const comparison = exchange && compareDecoder(await answersOf(`${CHUNKS}mutants/`, file), exchange, 80)
  expect(comparison?.agrees).toBe(false)
  expect(comparison?.lines.join('\n')).toMatch(/byte \d+ of|It ends/)
  for (const line of comparison?.lines ?? []) expect(line.length).toBeLessThanOrEqual(80)
})

test('who left goes on with the question he names', async () => {
  const { stdout } = await xray(['quiz', '--from', '2', pathOf('nginx-stock')], 'd\n')
  expect(stdout).toMatch(/^2 of 2 {2}nginx-stock/)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 of 1 right')
  const given = await xray(['quiz', '--from', '2', '--answers', 'd', pathOf('nginx-stock')])
  expect(given.stdout.trimEnd().split('\n').at(-1)).toBe('1 of 1 right')
  expect((await xray(['quiz', '--from', '3', pathOf('nginx-stock')])).code).toBe(2)
})

test('a file that is no recording, or not there, is named', async () => {
  const { code, stderr } = await xray(['quiz', import.meta.filename])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/quiz\.test\.ts: not a recording/)])
})

test.each([
  ['returns nothing', () => undefined, /createChunkDecoder\(\) is to return an object with push and end/],
  [
    'has a push that returns nothing',
    () => ({ done: false, push() {}, end() {} }),
    /push is to return an array of Uint8Array/,
  ],
  [
    'gives without an end',
    () => ({ done: false, push: () => Array(99).fill(new Uint8Array(1e6)), end() {} }),
    /it gives more than 8388608 bytes/,
  ],
])('a decoder that %s is told so', async (_, createChunkDecoder, words) => {
  const exchange = await exchangeOf('nginx-stock')
  const comparison = exchange && compareDecoder({ createChunkDecoder } as unknown as DecoderModule, exchange, 80)
  expect(comparison?.lines.join(' ').replace(/\s+/g, ' ')).toMatch(words)
})

test('an event that is none is said to be none', async () => {
  const createSseParser = (on: (event: unknown) => void) => ({ push: () => on(undefined), end() {} })
  const exchange = await exchangeOf('nginx-stock')
  const comparison = exchange && compareDecoder({ createSseParser } as unknown as DecoderModule, exchange, 80)
  expect(comparison?.lines.join(' ')).toContain('it hands out undefined, which is no event')
})

test('a file that is not there, or has no decoder, is said to be so', async () => {
  await expect(decoderModule('absent.mjs')).rejects.toThrow('there is no such file')
  const other = new URL('../live/look.ts', import.meta.url).pathname
  await expect(decoderModule(other)).rejects.toThrow('exports neither createChunkDecoder')
})

describe('a decoder of somebody', () => {
  const CLI = new URL('../../src/cli.ts', import.meta.url).pathname
  const FLAGS = ['--conditions=@sse-from-scratch/source', '--import=tsx', CLI]
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'decoder-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([
    ['agrees', `export * from '${new URL(`${CHUNKS}solution.ts`, PHASES)}'`, 0, '60', /says what ours says/],
    [
      'does not come back',
      'export const createChunkDecoder = () => { for (;;); }',
      1,
      '1',
      /does not come back while it/,
    ],
  ])('that %s is a sentence, and an exit code', async (_, source, code, time, words) => {
    const path = join(folder, 'decoder.mjs')
    await writeFile(path, source)
    const argv = [...FLAGS, 'quiz', '--time', time, '--decoder', path, pathOf('nginx-stock')]
    const { stdout, stderr, ...ended } = await run(process.execPath, argv)
    expect(stdout + stderr).toMatch(words)
    expect([ended.code, (stdout + stderr).trim().split('\n').length]).toEqual([code, 1])
  })
})
