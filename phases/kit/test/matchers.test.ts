import { describe, test, expect as vitest } from 'vitest'
import { expect, mistake, Todo, todo } from '../src/index.ts'

const shouting = mistake<Uint8Array>('shouting', 'Nobody shouts here.', (got) => got[0] === 0x48)
const never = mistake<unknown>('never', 'It was never this.', () => false)
const broken = mistake<unknown>('broken', 'It was never this either.', () => {
  throw new Error('a detector that breaks')
})

async function wordsOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('it did not fail')
}

describe('toBeBytes', () => {
  test('takes the same bytes, given as a text or as bytes', () => {
    expect(Buffer.from('ö')).toBeBytes('ö')
    expect(Uint8Array.of(0, 255)).toBeBytes(Uint8Array.of(0, 255))
  })

  test('says where the first difference is, what stands there, and why', async () => {
    const words = await wordsOf(() => expect(Buffer.from('Hi')).toBeBytes('hi', { as: 'bytes', mistakes: [shouting] }))
    vitest(words).toMatch(/^✗ byte 0 of 2\b.*: - expected, \+ got\n/)
    vitest(words).toContain('Why: Nobody shouts here. [mistake:shouting]')
    vitest(words.indexOf('\n- 0000')).toBeLessThan(words.indexOf('\n+ 0000'))
  })

  test('names the parts of a fragment by its grammar, without the head that it does not have', async () => {
    const words = await wordsOf(() =>
      expect(Buffer.from('5\r\nhallo\r\n')).toBeBytes('5\r\nhello\r\n', { as: 'chunked' }),
    )
    vitest(words).toContain('chunk-size')
    vitest(words).not.toContain('HTTP')
    vitest(words).not.toContain('INCOMPLETE')
  })

  test.each([
    ['too short', 'h', '(nothing more)'],
    ['too long', 'hi!', '1 byte more than expected, behind byte 2'],
    ['nothing', '', '(nothing more)'],
  ])('knows what is %s', async (_, got, sentence) => {
    vitest(await wordsOf(() => expect(Buffer.from(got)).toBeBytes('hi', { as: 'bytes' }))).toContain(sentence)
  })

  test('says so when it gets no bytes', async () => {
    vitest(await wordsOf(() => expect('hi').toBeBytes('hi'))).toBe("expected bytes (a Uint8Array), got 'hi'")
  })
})

describe('toMean', () => {
  test('takes a Buffer for bytes, and an object without a prototype for an object', () => {
    expect({ a: Buffer.from('x'), b: [1] }).toMean({ a: Uint8Array.of(0x78), b: [1] })
    expect(Object.assign(Object.create(null), { a: 1 })).toMean({ a: 1 })
  })

  test('shows what went in above what came out, when it is told', async () => {
    const words = await wordsOf(() => expect<unknown>('b').toMean('a', { given: ['x\r'] }))
    vitest(words).toMatch(/^given {5}\[ 'x\\r' \]\nexpected {2}'a'\ngot {7}'b'$/)
  })

  test('shows characters that print as nothing', async () => {
    const words = await wordsOf(() => expect<unknown>('\uFEFFa\u2028').toMean('a'))
    vitest(words).toContain(String.raw`'\ufeffa\u2028'`)
  })

  test('tells a missing field from an undefined one, and 0 from -0 not at all', async () => {
    vitest(await wordsOf(() => expect({ a: 1 }).toMean({ a: 1, b: undefined } as { a: number }))).toContain(
      'b: undefined',
    )
  })

  test('shows both in a line each, bytes as text', async () => {
    const words = await wordsOf(() => expect({ rest: Buffer.from('a\r\n') }).toMean({ rest: Buffer.from('b') }))
    vitest(words).toBe(`expected  { rest: bytes("b") }\ngot       { rest: bytes("a\\r\\n") }`)
  })

  test('cuts a value that nobody could read', async () => {
    const words = await wordsOf(() => expect(Array.from({ length: 5_000 }, (_, at) => `${at}`)).toMean([]))
    vitest(words.length).toBeLessThan(500)
  })

  test('passes over a detector that throws or does not fit', async () => {
    vitest(await wordsOf(() => expect<unknown>(1).toMean(2, { mistakes: [broken, never] }))).not.toContain('Why:')
  })
})

describe('toRefuse', () => {
  const coded = (code: string) => Object.assign(new Error('no'), { code })

  test('takes what throws and what rejects, with the code that is named', async () => {
    await expect(() => {
      throw coded('A')
    }).toRefuse('A')
    await expect(Promise.reject(coded('B'))).toRefuse()
  })

  test.each([
    ['a value', () => 1, 'expected an error with the code A, got 1'],
    ['another code', () => Promise.reject(coded('B')), 'expected an error with the code A, got Error B: no'],
    [
      'a thrown text',
      () => Promise.reject('boo'),
      "expected an error with the code A, got 'boo' thrown, which is no Error",
    ],
  ])('fails for %s', async (_, attempt, words) => {
    vitest(await wordsOf(() => expect(attempt).toRefuse('A'))).toBe(words)
  })

  test('does not take a stub for a refusal', async () => {
    await vitest(expect(() => todo('9.9 nothing')).toRefuse()).rejects.toThrow(Todo)
  })
})
