import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseJson } from '../src/json.ts'
import { createJsonReader, type Place } from '../src/providers/repeated-json.ts'
import { transcripts } from './transcripts.ts'

const content: Place = ['choices', 0, 'delta', 'content']
const chunk = (literal: string) =>
  `{"id":"a","choices":[{"index":0,"delta":{"content":${literal}},"finish_reason":null}]}`

/** What is read, one after another; each is copied, because it is valid until the next only. */
function read(texts: readonly string[], places: readonly Place[] = [content]): unknown[] {
  const readJson = createJsonReader(places)
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

test('every event of every transcript is read as JSON.parse reads it, with whatever came before', () => {
  const utf8 = new TextDecoder()
  const places: readonly Place[] = [
    content,
    ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'],
    ['delta', 'text'],
    ['delta', 'partial_json'],
    ['delta'],
  ]
  for (const { name, body } of transcripts) {
    const texts = [...utf8.decode(body).matchAll(/^data:(.*)$/gm)].flatMap(([, data = '']) => [
      data.trim(),
      data.trim(),
    ])
    expect(read(texts, places), name).toEqual(texts.map(parseJson))
  }
})
