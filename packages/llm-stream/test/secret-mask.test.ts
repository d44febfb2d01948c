import { createSecretMask, openai, secretsIn } from '@sse-from-scratch/llm-stream'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytes, chat } from './wire.ts'

const KEY = 'sk-a"b\\c/d+é'

/** What is shown of a text that comes in these reads. */
function shown(reads: Iterable<Uint8Array>, secrets: readonly string[] = [KEY]): string {
  const mask = createSecretMask(secrets)
  const parts = [...reads].map((read) => {
    const masked = mask(read)
    expect(masked.length).toBe(read.length)
    return new TextDecoder().decode(masked)
  })
  return parts.join('')
}

describe('a secret', () => {
  test.each([
    ['as it is', KEY],
    ['in JSON', JSON.stringify(KEY).slice(1, -1)],
    ['in JSON with escaped slashes', JSON.stringify(KEY).slice(1, -1).replace('/', '\\/')],
    ['in JSON as Go writes it', JSON.stringify(KEY).slice(1, -1).replace('+', '\\u002b')],
    ['in JSON of nothing but escapes', KEY.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)],
    ['in JSON with capital digits', KEY.replace('+', '\\u002B').replace('é', '\\u00E9').replace('"', '\\"')],
  ])('%s is stars at every cut, and the rest is as it was', (_, spelled) => {
    const text = `{"x":"<${spelled}>"}`
    const stars = `{"x":"<${'*'.repeat(bytes(spelled).length)}>"}`
    for (const reads of everySplit(bytes(text))) expect(shown(reads)).toBe(stars)
  })

  test('is found behind a false start of itself', () => {
    expect(shown([bytes('aaab aab')], ['aab'])).toBe('a*** ***')
  })

  test('that is the beginning of another one hides no less of the other', () => {
    expect(shown([bytes('abc abd')], ['ab', 'abc'])).toBe('*** **d')
  })

  test('that might be spelled in two ways is hidden in the longer one', () => {
    expect(shown([bytes('a\\\\x')], ['\\x'])).toBe('a***')
  })

  test('that is only begun is hidden at the end of a read, where nobody can know, and not in the middle', () => {
    expect(shown([bytes('ab cd ab'), bytes('x')], ['abc'])).toBe('ab cd **x')
  })

  test('never shows, whatever is around it and wherever it is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\\', 'u'), maxLength: 12 })
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', '\\'), minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(letters, secret, letters, fc.nat({ max: 30 }), (before, hidden, after, cut) => {
        const text = bytes(before + hidden + after)
        const output = shown([text.subarray(0, cut), text.subarray(cut)], [hidden])
        expect(output.slice(before.length, before.length + hidden.length)).toBe('*'.repeat(hidden.length))
      }),
    )
  })
})

test('what is nearly a secret, over and over, is shown', () => {
  const secret = 'a'.repeat(200)
  const read = bytes('a'.repeat(199).concat('b').repeat(100))
  expect(shown([read], [secret])).toBe(new TextDecoder().decode(read))
})

test('no secrets hide nothing, and an empty one is a TypeError', () => {
  expect(shown([bytes('all of it')], [])).toBe('all of it')
  expect(() => createSecretMask(['k', ''])).toThrow(TypeError)
})

test('the secrets of a request are in its headers', () => {
  const provider = openai({ apiKey: 'sk-1', headers: { 'X-Api-Key': 'two', 'OpenAI-Organization': 'o' } })
  expect(secretsIn(provider.request(chat).headers)).toEqual(['sk-1', 'two'])
})
