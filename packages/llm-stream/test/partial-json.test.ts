import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createPartialJson, type PartialJson } from '../src/partial-json.ts'

/** What a reader knows after each character. */
function read(text: string, pieces: readonly string[] = [...text.split('')]): PartialJson {
  const json = createPartialJson()
  for (const piece of pieces) json.push(piece)
  return json
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Whether the later value has everything that the earlier one had, and possibly more. */
function grows(before: unknown, after: unknown): boolean {
  if (before === undefined || Object.is(before, after)) return true
  if (typeof before === 'string') return typeof after === 'string' && after.startsWith(before)
  if (Array.isArray(before))
    return Array.isArray(after) && before.every((item, i) => i in after && grows(item, after[i]))
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return false
  return Object.entries(before).every(([name, value]) =>
    grows(value, Object.getOwnPropertyDescriptor(after, name)?.value),
  )
}

describe('a text that is still being written', () => {
  test.each([
    ['', undefined],
    [' ', undefined],
    ['{', {}],
    ['{"pa', {}],
    ['{"path"', {}],
    ['{"path":', {}],
    ['{"path":"', { path: '' }],
    ['{"path":"/et', { path: '/et' }],
    ['{"path":"/etc\\', { path: '/etc' }],
    ['{"path":"/etc\\u00', { path: '/etc' }],
    ['{"path":"\\ud83d', { path: '' }],
    ['{"path":"\\ud83d\\ude00', { path: '😀' }],
    ['{"path":"\ud83d', { path: '' }],
    ['{"n":12', {}],
    ['{"n":12,', { n: 12 }],
    ['{"n":tru', {}],
    ['{"n":true', { n: true }],
    ['[', []],
    ['[1,[2,{"a":"b', [1, [2, { a: 'b' }]]],
    ['["a","b', ['a', 'b']],
    ['"abc', 'abc'],
    ['-', undefined],
    ['tru', undefined],
  ])('%j is %j so far, and not complete', (text, value) => {
    const json = read(text)
    expect(json.value).toEqual(value)
    expect(json.complete).toBe(false)
    expect(json.error).toBeUndefined()
  })

  test('a number alone is complete with every digit that may be its last', () => {
    const json = createPartialJson()
    const seen = ['-', '1', '2', '.', '5', 'e', '+', '1', ' '].map((piece) => [json.push(piece), json.complete])
    expect(seen).toEqual([
      [undefined, false],
      [-1, true],
      [-12, true],
      [undefined, false],
      [-12.5, true],
      [undefined, false],
      [undefined, false],
      [-125, true],
      [-125, true],
    ])
  })

  test('objects are filled in place', () => {
    const json = createPartialJson()
    const first = json.push('{"a":')
    expect(json.push('[1,2]}')).toBe(first)
    expect(first).toEqual({ a: [1, 2] })
  })
})

describe('names that mean something to JavaScript are data', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('%j', (name) => {
    const text = JSON.stringify({ [name]: 1 }).replace('1', '{"polluted":["yes"]}')
    const { value } = read(text)
    expect(JSON.stringify(value)).toBe(text)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual([name])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('hostile text', () => {
  test('256 values inside one another are read, one more is refused, and so is what follows', () => {
    expect(read(`${'['.repeat(256)}${']'.repeat(256)}`).complete).toBe(true)
    const json = read('['.repeat(257))
    expect(json.error).toMatchObject({ code: 'LLM_PROTOCOL', message: expect.stringContaining('maxDepth') })
    json.push(']'.repeat(257))
    expect(json.complete).toBe(false)
  })

  test('a text may have maxSize characters, and not one more', () => {
    const json = createPartialJson({ maxSize: 4 })
    json.push('"ab"')
    expect(json.complete).toBe(true)
    json.push(' ')
    expect(json.complete).toBe(false)
    expect(json.error?.message).toContain('maxSize')
  })

  test('a number may have 1024 characters, and not one more', () => {
    expect(read(`[${'1'.repeat(1024)}]`).complete).toBe(true)
    expect(read(`[${'1'.repeat(1025)}]`).error?.code).toBe('LLM_PROTOCOL')
    expect(read('1'.repeat(1025)).complete).toBe(false)
  })

  test.each(['1e999', '-1e999', '1e-999', '-0', '0.1e1', '123456789012345678901234567890'])(
    'the number %s is what JSON.parse makes of it',
    (text) => {
      expect(Object.is(read(text).value, JSON.parse(text))).toBe(true)
      expect(read(`[${text}]`).value).toStrictEqual(JSON.parse(`[${text}]`))
    },
  )

  test('a half character is kept when its string ends with it', () => {
    expect(read('["\\ud83d","\\ude00","\\ud83d\\ud83d\\ude00"]').value).toStrictEqual(['\ud83d', '\ude00', '\ud83d😀'])
  })

  test.each([
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1}', 2],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['01', 1],
    ['[-]', 2],
    ['[1.]', 3],
    ['nulL', 3],
    ["'a'", 0],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['"\\u00g0"', 5],
    ['1 2', 2],
    ['{}]', 2],
    [']', 0],
    ['\ufeff1', 0],
    ['NaN', 0],
  ])('%j is refused at character %i, wherever it is cut', (text, at) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const { error, complete } = read(text, [text.slice(0, cut), text.slice(cut)])
      expect(error, `cut at ${cut}`).toMatchObject({ code: 'LLM_PROTOCOL', retryable: false })
      expect(error?.message).toContain(`character ${at} `)
      expect(complete).toBe(false)
    }
  })

  test('limits that no text could keep are the mistake of the caller', () => {
    expect(() => createPartialJson({ maxDepth: 0 })).toThrow(RangeError)
    expect(() => createPartialJson({ maxSize: Number.NaN })).toThrow(RangeError)
  })
})

/** Everything that a string of JSON has trouble with. */
const unit = fc.constantFrom('a', '"', '\\', '/', '\n', '\0', '\x7f', 'é', '世', '😀', '\ud83d', '\ude00', '\u2028')

test('every value grows with its text, and ends as what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 2, stringUnit: unit }), (inner) => {
      const text = `[${inner}]` // a number alone may change with every digit
      const json = createPartialJson()
      const step = Math.ceil(text.length / 40) // of a short text every prefix, of a long one forty
      let before: unknown
      for (let at = 0; at < text.length; at += step) {
        const after = structuredClone(json.push(text.slice(at, at + step)))
        if (!grows(before, after)) expect(after, 'less than before').toEqual(before)
        before = after
      }
      expect(json.complete).toBe(true)
      expect(json.value).toStrictEqual(JSON.parse(text))
    }),
    { numRuns: 50 },
  )
})

test('a value does not depend on where its text is cut', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: unit }), fc.array(fc.nat({ max: 8 }), { minLength: 1 }), (text, sizes) => {
      const pieces: string[] = []
      for (let at = 0, i = 0; at < text.length; i++) {
        const size = 1 + (sizes[i % sizes.length] ?? 0)
        pieces.push(text.slice(at, at + size))
        at += size
      }
      expect(read(text, pieces).value).toStrictEqual(JSON.parse(text))
    }),
    { numRuns: 100 },
  )
})

test('what is valid is the same as for JSON.parse, for text that is almost JSON', () => {
  const piece = fc.constantFrom(
    ...'{}[]:,"\\/-+.eE01tfnu \n\u0000é\ud83d'.split(''),
    'true',
    'null',
    '"a"',
    '1e5',
    '\\u00e9',
  )
  const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), piece)
    .map(([text, at, gone, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + gone))
  fc.assert(
    fc.property(fc.oneof(soup, mutated), (text) => {
      const expected = parsed(text)
      const json = read(text)
      expect(json.complete).toBe(expected !== undefined)
      if (expected) expect(json.value).toStrictEqual(expected.value)
    }),
    { numRuns: 1000 },
  )
})

/** How many characters were looked at or copied, one by one or in slices, while the text came in deltas of one. */
function workPerCharacter(text: string): number {
  const json = createPartialJson()
  let work = 0
  const { charCodeAt, slice } = String.prototype
  const spies = [
    vi.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, at) {
      work += 1
      return charCodeAt.call(this, at ?? 0)
    }),
    vi.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, ...range) {
      work += this.length // also when little is taken of it
      return slice.apply(this, range)
    }),
    vi.spyOn(JSON, 'parse').mockImplementation(() => {
      throw new Error('the whole text is read again')
    }),
  ]
  try {
    for (let at = 0; at < text.length; at++) json.push(text[at] ?? '')
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  expect(json.complete).toBe(true)
  return work / text.length
}

test.each([
  ['a long string', (n: number) => `{"content":"${'x'.repeat(n - 15)}"}`],
  ['many members', (n: number) => `{"list":[${'{"a":1},'.repeat(n / 8 - 2)}0]}`],
  ['escapes', (n: number) => `["${'\\u00e9'.repeat(n / 6)}"]`],
])('a character of %s costs the same in 4,000 deltas and in 100,000', (_, text) => {
  const short = workPerCharacter(text(4_000))
  const long = workPerCharacter(text(100_000))
  expect(long).toBeLessThan(short * 1.1)
  expect(long).toBeLessThan(8)
})
