import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseJson } from '../src/json.ts'
import { createJsonReader, type Place } from '../src/providers/repeated-json.ts'
import { transcripts } from './transcripts.ts'

const content: Place = ['choices', 0, 'delta', 'content']
const chunk = (literal: string) =>
  `{"id":"a","choices":[{"index":0,"delta":{"content":${literal}},"finish_reason":null}]}`

/** What is read, one after another; each is copied, because it is valid until the next only. */
function read(texts: readonly string[], places: readonly Place[] = [content], numbers?: readonly Place[]): unknown[] {
  const readJson = createJsonReader(places, numbers)
  return texts.map((text) => structuredClone(readJson(text)))
}

function parsedTexts(work: () => void): string[] {
  const parse = vi.spyOn(JSON, 'parse')
  work()
  return parse.mock.calls.map(([text]) => text)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('JSON after JSON that differs in one string alone', () => {
  test.each([
    ['another string', '" world"'],
    ['an empty one', '""'],
    ['one with escapes', '"\\n\\"\\u00e9\\\\"'],
    ['half a surrogate pair', '"\\ud83d"'],
    ['a long one', `"${'long '.repeat(100)}"`],
    ['one that is not ASCII', '"größer 🎉"'],
    ['the one it was learned from', '"hello"'],
    ['no string', 'null'],
    ['a number', '12'],
    ['two strings', '"a","content":"b"'],
    ['a string and a member more', '"a","role":"x"'],
    ['a string that is not closed', '"a'],
    ['a quotation mark in it', '"a"b"'],
    ['a backslash at its end', '"a\\"'],
    ['an escape there is none of', '"\\x"'],
    ['half an escape', '"\\u00"'],
    ['a control character in it', '"a\nb"'],
    ['one quotation mark for both', '"'],
    ['nothing', ''],
  ])('is what JSON.parse makes of it: %s', (_, literal) => {
    const texts = [chunk('"hello"'), chunk(literal), chunk('"!"')]
    expect(read(texts)).toEqual(texts.map(parseJson))
  })

  test('is not parsed but for the first', () => {
    const texts = ['"hello"', '" world"', '" the"', '""'].map(chunk)
    const parsed = parsedTexts(() => read(texts))
    expect(parsed).toContain(texts[0])
    expect(parsed.filter((text) => texts.slice(1).includes(text))).toEqual([])
  })

  test('is learned anew when something else has changed', () => {
    const other = (literal: string) => chunk(literal).replace('"a"', '"b"')
    const texts = [chunk('"1"'), chunk('"2"'), other('"3"'), other('"4"'), chunk('"5"')]
    expect(read(texts)).toEqual(texts.map(parseJson))
    expect(parsedTexts(() => read(texts))).not.toContain(texts[3])
  })

  test('is not learned any more when each has a number of its own', () => {
    const texts = Array.from({ length: 100 }, (_, n) => chunk(`"${n}"`).replace('"a"', `"id-${n}"`))
    expect(parsedTexts(() => read(texts)).length).toBeLessThan(texts.length + 10)
    expect(read(texts)).toEqual(texts.map(parseJson))
  })

  test.each([
    ['in a name', '{"hello":1,"content":"hello"}'],
    ['in another string', '{"id":"say \\"hello\\" to it","content":"hello"}'],
    ['as another member', '{"id":"hello","content":"hello"}'],
    ['as the same member, which the last one wins', '{"content":"hello","content":"hello"}'],
    ['written with escapes', '{"id":"hello","content":"h\\u0065llo"}'],
    ['twice, and one of them is not where it seems', '{"a":{"content":"hello"},"content":"h\\u0065llo"}'],
  ])('is not taken for the string where it is found first: %s', (_, first) => {
    const at = first.indexOf('hello')
    const texts = [first, `${first.slice(0, at)}other${first.slice(at + 5)}`, first.replaceAll('hello', 'bye'), first]
    expect(read(texts, [['content']])).toEqual(texts.map(parseJson))
  })
})

describe('JSON after JSON that differs in one string and in counts', () => {
  const numbers: readonly Place[] = [['before'], ['count', 'tokens'], ['count', 'all']]
  const counted = (before: string, tokens: string, all: string, word = '"hello"') =>
    `{"before": ${before},"content":${word},"count":{"input":12,"tokens": ${tokens},"all":${all}}}`

  test.each([
    ['more digits', counted('1000', '20', '999999999999999')],
    ['fewer digits', counted('0', '1', '2')],
    ['another string as well', counted('6', '18', '30', '" wor\\nld"')],
    ['more digits than are exact', counted('9007199254740993', '1', '12345678901234567890')],
    ['more digits than can be added up', counted('1', '2', '425781496068432302382591625')],
    ['a fraction', counted('5.5', '1', '2')],
    ['an exponent', counted('5', '1e3', '2')],
    ['a negative number', counted('-5', '-1', '-2')],
    ['a zero in front, which JSON has not', counted('05', '1', '2')],
    ['no digit', counted('', '1', '2')],
    ['null for a number', counted('5', 'null', '2')],
    ['a string for a number', counted('5', '"17"', '2')],
    ['one digit for two numbers', '{"before": 7,"all":7}}'],
    ['a member between', counted('5', '1,"more":3', '2')],
    ['a string that has a number in it', counted('5', '1', '2', '"a\\",\\"tokens\\": 4"')],
    ['a string that is not closed', counted('5', '1', '2', '"a')],
    ['another number that nobody counts', counted('5', '1', '2').replace('12', '13')],
  ])('is what JSON.parse makes of it: %s', (_, text) => {
    const texts = [counted('5', '17', '29'), text, counted('7', '18', '30')]
    expect(read(texts, [['content']], numbers)).toEqual(texts.map(parseJson))
  })

  test('is not parsed but for the first', () => {
    const texts = Array.from({ length: 200 }, (_, n) => counted(`${n}`, `${n * 7}`, `${n + 12}`, `"${n}"`))
    const parsed = parsedTexts(() => expect(read(texts, [['content']], numbers)).toHaveLength(200))
    expect(parsed.filter((text) => texts.slice(1).includes(text))).toEqual([])
  })

  test.each([
    ['in the string', '{"content":"hello 5 \\"tokens\\":5","count":{"tokens":5}}'],
    ['in a string that is the same', '{"name":"\\"tokens\\":5","content":"hello","count":{"tokens":5}}'],
    ['as a member of something else', '{"other":{"tokens":5},"content":"hello","count":{"tokens":5}}'],
    ['as the same member, which the last one wins', '{"content":"hello","count":{"tokens":5,"tokens":5}}'],
    ['the other way about', '{"count":{"tokens":5},"content":"hello"}'],
  ])('is not taken for the count where it is found first: %s', (_, first) => {
    const [early, late] = [first.replace('5', '6'), first.replace(/5(?=[^5]*$)/, '66')]
    const texts = [first, early, late, first.replaceAll('5', '7'), first.replace('hello', 'bye'), first]
    expect(read(texts, [['content']], [['count', 'tokens']])).toEqual(texts.map(parseJson))
  })
})

test('what stands in for values while they are looked for may come as well', () => {
  const of = (id: string, content: string, other: number, n: number) =>
    `{"id":"${id}","content":"${content}","other":{"n":${other}},"count":{"n":${n}}}`
  const [string, number] = ['between quotation marks', 90210000]
  const strings = [of(string, string, 1, 2), of('x', string, 1, 2)]
  const numbers = [of('x', 'y', number, number), of('x', 'y', 5, number)]
  expect(read(strings, [['content']])).toEqual(strings.map(parseJson))
  expect(read(numbers, [['content']], [['count', 'n']])).toEqual(numbers.map(parseJson))
})

const string = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('hello', 'content', '"', '\\', '\n'),
)
const literal = fc.oneof(
  { weight: 4, arbitrary: string.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: string.map((text) => `"${text}"`) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 1 }) },
)
const frame = fc.oneof(
  fc.constantFrom(['{"delta":{"text":', '}}'], ['{"text":"hello","delta":{"type":"x","text":', ',"text2":"content"}}']),
  fc
    .tuple(fc.json({ maxDepth: 1 }), fc.json({ maxDepth: 1 }))
    .map(([a, b]) => [`{"a":${a},"delta":{"text":`, `},"b":${b}}`]),
  fc.tuple(string, string).map(([a, b]) => [`{"delta":{"text":${a}`, `${b}}}`]),
)

test('whatever is read, in whatever order, it is what JSON.parse makes of it', () => {
  const places: readonly Place[] = [
    ['delta', 'text'],
    ['delta', 'type'],
  ]
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), literal), { maxLength: 12 }),
      (frames, parts) => {
        const texts = parts.map(([which, text]) => {
          const [before, behind] = frames[which % frames.length] as string[]
          return `${before}${text}${behind}`
        })
        expect(read(texts, places)).toEqual(texts.map(parseJson))
      },
    ),
    { numRuns: 2000 },
  )
})

const number = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('0', '00', '-1', '1.5', '1e3', '', ' 7 ', '"1"', '1,"n":2', 'null'),
)
const counting = fc.constantFrom<(a: string, text: string, b: string) => string>(
  (a, text, b) => `{"n":${a},"delta":{"text":${text}},"usage":{"out":${b}}}`,
  (a, text, b) => `{"usage":{"n":3,"out":${b}},"delta":{"text":${text},"n":1},"n": ${a}}`,
  (a, text, b) => `{"delta":{"text":${text}},"n" : ${a},"usage":{"in":${a},"out":${b}}}`,
)

test('whatever is counted, it is what JSON.parse makes of it', () => {
  const numbers: readonly Place[] = [['n'], ['usage', 'out']]
  fc.assert(
    fc.property(
      fc.array(counting, { minLength: 1, maxLength: 2 }),
      fc.array(fc.tuple(fc.nat(1), number, literal, number), { maxLength: 12 }),
      (frames, parts) => {
        const texts = parts.map(([which, a, text, b]) =>
          (frames[which % frames.length] as (typeof frames)[0])(a, text, b),
        )
        expect(read(texts, [['delta', 'text']], numbers)).toEqual(texts.map(parseJson))
      },
    ),
    { numRuns: 2000 },
  )
})

test('every event of every transcript is read as JSON.parse reads it, with whatever came before', () => {
  const utf8 = new TextDecoder()
  const places: readonly Place[] = [
    content,
    ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'],
    ['delta', 'text'],
    ['delta', 'partial_json'],
    ['delta'],
    ['candidates', 0, 'content', 'parts', 0, 'text'],
  ]
  const numbers: readonly Place[] = [
    ['sequence_number'],
    ['usage', 'completion_tokens'],
    ['usageMetadata', 'candidatesTokenCount'],
    ['usageMetadata', 'totalTokenCount'],
  ]
  for (const { name, body } of transcripts) {
    const texts = [...utf8.decode(body).matchAll(/^data:(.*)$/gm)].flatMap(([, data = '']) => [
      data.trim(),
      data.trim(),
    ])
    expect(read(texts, places, numbers), name).toEqual(texts.map(parseJson))
  }
})
