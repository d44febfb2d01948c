import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJsonGrammar, type JsonGrammar } from '../src/json-grammar.ts'
import { createRepeatedGrammar } from '../src/repeated-json.ts'
import { encode } from './look.ts'

/** What a grammar says of each byte of values that come in pieces, and of each value. */
function said(grammar: JsonGrammar, values: readonly (readonly Uint8Array[])[]): unknown[] {
  return values.map((pieces) => {
    const names: string[] = []
    for (const bytes of pieces) {
      grammar.take(bytes, 0, bytes.length, (element, from, to) => {
        const name = element === 'delta' ? `delta at ${grammar.path}` : `${element}`
        for (let at = from; at < to; at++) names.push(name)
      })
    }
    const { complete } = grammar
    grammar.reset()
    return { names, complete }
  })
}

const piece = fc.constantFrom(
  ...[
    '{"choices":[{"delta":{"content":"',
    '{"delta":"',
    '"}}]}',
    '"}',
    '"',
    '\\',
    '\\"',
    '\n',
    ' ',
    '}',
    ',"b":1',
    'é',
  ],
  ...['{"response":"', '{"a":"x","delta":"', '","n":[1,2]}', '', 'a'],
)

const frames: readonly (readonly [before: string, behind: string])[] = [
  ['{"choices":[{"delta":{"content":"', '"}}],"n":7}'],
  ['{"delta":"', '"}'],
  [' {"delta":"', '" } '],
  ['{"delta":{"text":"a","thinking":"', '"}}'],
]

const text = fc.constantFrom('', 'a', 'token', 'é', '"', '\\', 'a\\', '\\"', '\n', '"}', '"}}]}', '","delta":"')

const like = fc.tuple(fc.constantFrom(...frames), text).map(([[before, behind], said]) => before + said + behind)

const cut = fc
  .tuple(
    fc.oneof(
      like,
      fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
    ),
    fc.array(fc.nat(60)),
  )
  .map(([text, cuts]) => piecesOf(encode(text), cuts))

/** An object, and sometimes more behind it, even another one. */
const whole = fc.tuple(like, fc.array(fc.oneof(piece, like), { maxLength: 1 })).map((texts) => texts.flat().map(encode))

const value = fc.oneof({ arbitrary: whole, weight: 4 }, cut)

function piecesOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((to, nth) => bytes.subarray(places[nth], to))
}

test('the shortcut for objects that repeat says of every byte what the grammar says', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 12 }), (values) => {
      expect(said(createRepeatedGrammar(createJsonGrammar()), values)).toEqual(said(createJsonGrammar(), values))
    }),
    { numRuns: 300 },
  )
})

test('an object that is like the last but for its text is not read again', () => {
  const grammar = createJsonGrammar()
  let taken = 0
  const counted: JsonGrammar = {
    ...grammar,
    get path() {
      return grammar.path
    },
    get complete() {
      return grammar.complete
    },
    take(...piece) {
      taken++
      grammar.take(...piece)
    },
  }
  const tokens = Array.from({ length: 50 }, (_, n) => [encode(`{"delta":"${n}"}`)])
  expect(said(createRepeatedGrammar(counted), tokens)).toEqual(said(createJsonGrammar(), tokens))
  expect(taken).toBe(1)
})

test('objects that are never alike are not learned for ever', () => {
  let slices = 0
  class Counted extends Uint8Array {
    override slice(...range: [number?, number?]): Uint8Array<ArrayBuffer> {
      slices++
      return Uint8Array.prototype.slice.apply(this, range) as Uint8Array<ArrayBuffer>
    }
  }
  const objects = Array.from({ length: 50 }, (_, n) => [new Counted(encode(`{"n":${n},"delta":"a"}`))])
  said(createRepeatedGrammar(createJsonGrammar()), objects)
  expect(slices).toBe(16) // before and behind, of eight
})
