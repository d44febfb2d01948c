import { readdir, readFile } from 'node:fs/promises'
import { parseRecording, type Recording } from '@sse-from-scratch/wire-xray/recording'
import { exchangesOf } from '@sse-from-scratch/wire-xray/timeline'
import { expect, test } from 'vitest'
import { compareDecoder } from '../../src/quiz/compare-decoder.ts'
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
  expect(left.stdout.trimEnd().split('\n').at(-1)).toBe('1 of 1 right')
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

test('a file that has no decoder is a sentence, and exit code 1', async () => {
  const { code, stderr } = await xray(['explain', '--decoder', pathOf('nginx-stock'), pathOf('nginx-stock')])
  expect(code).toBe(1)
  expect(stderr).toContain('--decoder')
})
