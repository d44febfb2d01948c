import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ask, PLAIN } from '../src/simulator/ask.ts'
import { generate, tokensOf } from '../src/simulator/generate.ts'
import { countTokens, tokenize } from '../src/simulator/tokens.ts'

const WORDS = { min: 60, max: 180 }

function askFor(...texts: string[]): Ask {
  const turns = texts.map((text, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', text }))
  return { ...PLAIN, model: 'm', turns, stream: true }
}

function textOf(ask: Ask, seed = 0, words = WORDS): string {
  return generate(ask, { seed, words })
    .slice(0, 1)
    .flatMap((choice) => tokensOf(choice))
    .join('')
}

const prompts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }), // lone surrogates, control characters and all
  fc.lorem(),
  fc.constantFrom(
    '',
    '🌊👩‍💻🇨🇭',
    '流れについて教えて',
    'расскажи о реке',
    'احكِ لي عن النهر',
    '\u0000"\\\r\n\u2028',
    'n\u0303a\u0308',
  ),
)

describe('tokens', () => {
  test('joined, the tokens of a text are the text again', () => {
    fc.assert(fc.property(prompts, (text) => [...tokenize(text)].join('') === text))
  })

  test('no token begins inside a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), (text) => {
        for (const token of [...tokenize(text)].slice(1)) expect(token).not.toMatch(/^(\p{M}|\u200d|\ufe0f|\p{Cs})/u)
      }),
    )
  })

  test('a common word is one token with its space, a long one several, an ideograph one', () => {
    expect([...tokenize('the backpressure of 流れ, 2026\n\n👩‍💻🇨🇭!')]).toEqual([
      ...['the', ' backpr', 'essure', ' of', ' ', '流', 'れ', ',', ' 202', '6', '\n\n', '👩‍💻', '🇨🇭', '!'],
    ])
  })

  test('a count is the number of tokens', () => {
    fc.assert(fc.property(prompts, (text) => countTokens(text) === [...tokenize(text)].length))
  })
})

describe('an answer', () => {
  test('is the same for the same conversation and seed', () => {
    fc.assert(
      fc.property(prompts, fc.integer(), (text, seed) => {
        const again = textOf(askFor(text), seed)
        expect(textOf(askFor(text), seed)).toBe(again)
      }),
    )
  })

  test('is another one for another prompt, another seed of the server, another seed of the request', () => {
    const answers = [
      textOf(askFor('Tell me about rivers')),
      textOf(askFor('Tell me about rivers!')),
      textOf(askFor('Tell me about rivers'), 1),
      textOf({ ...askFor('Tell me about rivers'), seed: 1 }),
    ]
    expect(new Set(answers).size).toBe(answers.length)
  })

  test('is another one for each choice and each turn', () => {
    const choices = generate({ ...askFor('Tell me about rivers'), choices: 8 }, { seed: 0, words: WORDS })
    expect(new Set(choices.map((choice) => tokensOf(choice).join(''))).size).toBe(8)
    const first = textOf(askFor('go on'))
    const second = textOf(askFor('go on', first, 'go on'))
    expect(second).not.toBe(first)
    expect(second).toContain('turn 2')
  })

  test('says in its first sentence that it comes from a simulator and no model', () => {
    for (let seed = 0; seed < 100; seed++) {
      const [opening] = textOf(askFor('Who are you?'), seed).split('\n\n')
      expect(opening).toMatch(/simulator/)
      expect(opening).toMatch(/\b(not|no) .*model/i)
    }
  })

  test('has from min to max words, whatever the prompt', () => {
    fc.assert(
      fc.property(prompts, fc.integer(), (prompt, seed) => {
        const words = textOf(askFor(prompt), seed).split(/\s+/).length
        expect(words).toBeGreaterThanOrEqual(60)
        expect(words).toBeLessThanOrEqual(180)
      }),
    )
  })

  test('can be far longer than the book it is drawn from', () => {
    const words = textOf(askFor('go on'), 0, { min: 20_000, max: 20_100 }).split(/\s+/).length
    expect(words).toBeGreaterThanOrEqual(20_000)
  })

  test('is well-formed Unicode even when the prompt is not', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (prompt) => !/\p{Cs}/u.test(textOf(askFor(prompt)))))
  })

  test('takes up the subject of the prompt', () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed)
    const about = (prompt: string) =>
      seeds.filter((seed) => /\bcats? [a-z]+s\b/i.test(textOf(askFor(prompt), seed))).length
    expect(about('A story about a cat')).toBeGreaterThan(2 * about('A story about a train') + 5)
    expect(textOf(askFor('Was ist ein Überlaufventil?'))).toContain('Überlaufventil')
    expect(textOf(askFor('お茶の淹れ方'))).toMatch(/お茶|淹れ/)
  })

  test('to a book-length prompt looks at both of its ends', () => {
    const middle = 'x '.repeat(100_000)
    expect(textOf(askFor(`Zanzibar ${middle} Kilimanjaro`))).toMatch(/"Zanzibar".* and "Kilimanjaro"/)
  })

  test('often holds characters of more than one byte', () => {
    const answers = Array.from({ length: 50 }, (_, seed) => textOf(askFor('hello'), seed))
    expect(answers.filter((text) => /[^\p{ASCII}]/u.test(text)).length).toBeGreaterThan(20)
  })

  test('is cut after maxTokens and says so, but not when it was that long anyway', () => {
    const manner = { seed: 0, words: WORDS }
    const whole = generate(askFor('hello'), manner)[0]
    const tokens = whole ? tokensOf(whole) : []
    const { length } = tokens
    const limited = (maxTokens: number) => generate({ ...askFor('hello'), maxTokens }, manner)[0]
    const parts = [{ kind: 'text', tokens: tokens.slice(0, 5) }]
    expect(limited(5)).toEqual({ parts, reason: 'length', stopSequence: undefined })
    expect(limited(length - 1)?.reason).toBe('length')
    expect(limited(length)).toEqual(whole)
    expect(whole?.reason).toBe('end')
  })

  test('ends before whichever stop sequence comes first', () => {
    const whole = textOf(askFor('hello'))
    const [a = '', b = ''] = [whole.slice(40, 43), whole.slice(20, 23)]
    const cut = generate({ ...askFor('hello'), stop: ['not in there', a, b] }, { seed: 0, words: WORDS })[0]
    const at = Math.min(whole.indexOf(a), whole.indexOf(b))
    expect(cut).toMatchObject({ reason: 'stop', stopSequence: whole.indexOf(a) < whole.indexOf(b) ? a : b })
    expect(cut && tokensOf(cut).join('')).toBe(whole.slice(0, at))
  })
})
