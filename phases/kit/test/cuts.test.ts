import { describe, expect, test } from 'vitest'
import { asText, everyCut, mistake, todo } from '../src/index.ts'

const joined = (reads: readonly Uint8Array[]) => reads.map(asText).join('')

function wordsOf(run: () => void): string {
  try {
    run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('it did not fail')
}

describe('everyCut', () => {
  test('is content with what is right at every cut', () => {
    everyCut({ sample: 'wört', run: joined, expected: 'wÃ¶rt' })
  })

  test('tries the whole, every cut in two, and a byte at a time', () => {
    const seen: string[] = []
    everyCut({ sample: 'abc', run: (reads) => seen.push(reads.map(asText).join('|')) > 0, expected: true })
    expect(seen).toEqual(['abc', 'a|bc', 'ab|c', 'a|b|c'])
  })

  test('names the first cut that goes wrong, and counts the ones that do not', () => {
    const decodesEach = mistake<string>('decode-each-read', 'A read may end inside a character.', (got) =>
      got.includes('\ufffd'),
    )
    const run = (reads: readonly Uint8Array[]) => reads.map((read) => new TextDecoder().decode(read)).join('')
    const words = wordsOf(() => everyCut({ sample: 'wört', run, expected: 'wört', mistakes: [decodesEach] }))
    expect(words).toMatch(/^cut after byte 2: "wÃ" \| "¶rt"\n/)
    expect(words).toContain('right for 4 of 6 cuts')
    expect(words).toContain('[mistake:decode-each-read]')
  })

  test('takes what is thrown for an answer, but not what was not begun', () => {
    const throwing = () => {
      throw new RangeError('too far')
    }
    expect(wordsOf(() => everyCut({ sample: 'a', run: throwing, expected: 1 }))).toContain("{ threw: 'too far' }")
    expect(() => everyCut({ sample: 'a', run: () => todo('9.9 x'), expected: 1 })).toThrow('not started: 9.9 x')
  })

  test('lends no read to two: one that keeps it keeps its own', () => {
    const kept: Uint8Array[] = []
    everyCut({ sample: 'ab', run: (reads) => kept.push(...reads) > 0, expected: true })
    kept[0]?.fill(0)
    expect(kept.slice(1).map(asText).join('')).not.toContain('\0')
  })
})
