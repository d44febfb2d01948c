import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LlmEvent } from '../src/events.ts'
import { ollama } from '../src/providers/ollama.ts'
import { openai } from '../src/providers/openai.ts'
import { withThinkTags } from '../src/think.ts'
import { createThinkTags, type ThinkTagsOptions } from '../src/think-tags.ts'

function read(pieces: readonly string[], options?: ThinkTagsOptions) {
  const tags = createThinkTags(options)
  const said = { text: '', reasoning: '' }
  for (const piece of pieces) tags.push(piece, ({ kind, text }) => (said[kind] += text))
  tags.end(({ kind, text }) => (said[kind] += text))
  return said
}

const table: readonly (readonly [name: string, answer: string, reasoning: string, text: string])[] = [
  ['thoughts, then an answer', '<think>\nHm.\n</think>\n\nYes.\n', '\nHm.\n', 'Yes.\n'],
  ['blanks before the tag', ' \n<think>Hm.</think>Yes.', 'Hm.', 'Yes.'],
  ['no thoughts', 'Yes.', '', 'Yes.'],
  ['no thoughts, blanks first', '\n Yes.', '', '\n Yes.'],
  ['empty thoughts', '<think>\n\n</think>\n\nYes.', '\n\n', 'Yes.'],
  ['only thoughts', '<think>Hm.</think>', 'Hm.', ''],
  ['thoughts that nobody closes', '<think>Hm. </thi', 'Hm. </thi', ''],
  ['something like the closing tag', '<think>a<</th</think</think>b', 'a<</th</think', 'b'],
  ['something like the opening tag', '<thin air>', '', '<thin air>'],
  ['half an opening tag', '<thi', '', '<thi'],
  ['a tag in the middle', 'The <think> tag ends with </think>.', '', 'The <think> tag ends with </think>.'],
  ['a second pair', '<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ['more blanks than anybody means', `${' '.repeat(65)}<think>a</think>`, '', `${' '.repeat(65)}<think>a</think>`],
]

describe.each(table)('%s', (_, answer, reasoning, text) => {
  test('is understood at every cut and one character at a time', () => {
    for (let at = 0; at <= answer.length; at++) {
      expect(read([answer.slice(0, at), answer.slice(at)]), `cut at ${at}`).toEqual({ reasoning, text })
    }
    expect(read(answer.split(''))).toEqual({ reasoning, text })
  })
})

test('an answer that begins with thoughts without a tag has them until the closing one', () => {
  expect(read(['Hm.</th', 'ink>\n\nYes.'], { begun: true })).toEqual({ reasoning: 'Hm.', text: 'Yes.' })
})

test('other tags are other tags', () => {
  const options = { open: '[THINK]', close: '[/THINK]' }
  expect(read(['[THINK]<think>[/THINK]Yes.'], options)).toEqual({ reasoning: '<think>', text: 'Yes.' })
  expect(() => createThinkTags({ open: '' })).toThrow(RangeError)
  expect(() => withThinkTags(openai(), { close: '' })).toThrow(RangeError)
})

test('what is thought and what is said do not depend on where the answer is cut', () => {
  const word = fc.constantFrom('<think>', '</think>', '<', '/', 'think', '>', ' ', '\n', 'a', '</thi', '😀')
  const answer = fc.array(word, { maxLength: 12 })
  fc.assert(
    fc.property(answer, fc.array(fc.nat({ max: 5 }), { minLength: 1 }), (words, sizes) => {
      const whole = words.join('')
      const pieces: string[] = []
      for (let at = 0, i = 0; at < whole.length; i++) {
        const size = 1 + (sizes[i % sizes.length] ?? 0)
        pieces.push(whole.slice(at, at + size))
        at += size
      }
      expect(read(pieces)).toEqual(read([whole]))
    }),
    { numRuns: 1000 },
  )
})

describe('a provider with think tags', () => {
  const event = (data: unknown) => ({
    type: 'message',
    data: typeof data === 'string' ? data : JSON.stringify(data),
    lastEventId: '',
  })
  const delta = (index: number, content: string, finish_reason: string | null = null) =>
    event({ id: 'c', model: 'm', choices: [{ index, delta: { content }, finish_reason }] })
  const shown = (events: readonly LlmEvent[]) =>
    events.flatMap((e) =>
      e.kind === 'text' || e.kind === 'reasoning' ? [`${e.choice} ${e.kind} ${e.text}`] : [e.kind],
    )

  test('keeps the choices apart, and says what it holds before the stop', () => {
    const mapper = withThinkTags(openai()).createMapper()
    const events = [
      delta(0, '<thi'),
      delta(1, 'No'),
      delta(0, 'nk>a</'),
      delta(0, 'think>b'),
      delta(2, '<thi', 'stop'),
      delta(0, '', 'stop'),
      delta(1, '', 'stop'),
      event('[DONE]'),
    ].flatMap((e) => mapper.map(e))
    expect(shown(events)).toEqual([
      'start',
      '1 text No',
      '0 reasoning a',
      '0 text b',
      '2 text <thi',
      'stop',
      'stop',
      'stop',
    ])
    expect(mapper.done).toBe(true)
  })

  test('says what it holds when the stream is cut', () => {
    const mapper = withThinkTags(openai()).createMapper()
    expect(shown([...mapper.map(delta(0, '<thi')), ...mapper.end()])).toEqual(['start', '0 text <thi'])
    expect(mapper.done).toBe(false)
  })

  test('reads its bodies as it did without them', () => {
    expect(withThinkTags(ollama()).createMapper().lines).toBe(ollama().createMapper().lines)
    expect(withThinkTags(ollama()).createMapper().lines).toBe(true)
  })
})
