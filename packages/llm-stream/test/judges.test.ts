import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { judges, type Verdict, verdictOf } from './sdks.ts'
import { decode, type Transcript, transcripts } from './transcripts.ts'

/** How an SDK differs from us on a transcript. docs/judges.md says about each which is right, and by what. */
type Dispute =
  | 'fails' // where we have a whole answer
  | 'believes' // that all is well, where we have an error
  | 'differs' // in the text or the calls of an answer that both take for whole

/** By SDK and folder of transcripts: every disagreement there is. A new one, and one that is gone, fails the test. */
const disputes: Readonly<Record<string, Readonly<Record<string, Dispute>>>> = {
  'openai: openai': {
    audio: 'differs',
    'custom-tool': 'fails',
    'deepseek-no-resource': 'believes',
    'empty-events': 'fails',
    'function-call': 'differs',
    gemini: 'differs',
    'json-body': 'fails',
    mistral: 'fails',
    'no-last-blank-line': 'fails',
    'odd-members': 'fails',
    ollama: 'differs',
  },
  'openai: openai-responses': {
    'completed-only': 'fails',
    'custom-tool': 'differs',
    'done-only': 'fails',
    failed: 'believes',
    'json-body': 'fails',
    'llama-server': 'fails',
    'no-end': 'believes',
    'server-tools': 'fails',
    unknown: 'fails',
  },
  '@anthropic-ai/sdk: anthropic': {
    'data-only': 'fails',
    'json-body': 'fails',
    'max-tokens-before-input': 'differs',
    'max-tokens-in-a-call': 'differs',
    'no-last-blank-line': 'fails',
  },
  '@google/genai: gemini': {
    array: 'fails',
    continuation: 'fails',
    'no-finish': 'believes',
    'no-last-blank-line': 'fails',
    'partial-args': 'differs',
    'partial-args-cut': 'differs',
    'two-candidates': 'differs',
  },
  'ai: openai': {
    'after-done': 'fails',
    audio: 'differs',
    'custom-tool': 'fails',
    'deepseek-no-resource': 'believes',
    'empty-events': 'fails',
    'error-json': 'believes',
    'function-call': 'differs',
    gemini: 'fails',
    'groq-error': 'believes',
    'json-body': 'differs',
    'lm-studio': 'fails',
    mistral: 'fails',
    'name-late': 'fails',
    'no-finish': 'believes',
    'odd-members': 'fails',
    'openrouter-error': 'believes',
    page: 'believes',
    refusal: 'differs',
    'two-choices': 'differs',
  },
  'ai: openai-responses': {
    'completed-only': 'differs',
    'custom-tool': 'fails',
    'done-only': 'differs',
    'json-body': 'differs',
    'json-body-not-yet': 'believes',
    'llama-server': 'fails',
    'no-end': 'believes',
    refusal: 'differs',
  },
  'ai: anthropic': {
    'json-body': 'fails',
    'max-tokens-before-input': 'differs',
    'no-message-stop': 'believes',
    unknown: 'fails',
  },
  'ai: gemini': {
    array: 'differs',
    continuation: 'fails',
    'error-bare': 'believes',
    'error-bare-behind': 'believes',
    'error-in-array': 'believes',
    'no-finish': 'believes',
    'partial-args': 'differs',
    'partial-args-cut': 'differs',
    'two-candidates': 'differs',
  },
}

describe.each(judges)('$name reading $family', ({ name, family, judge }) => {
  const own = transcripts.filter((transcript) => transcript.name.startsWith(`${family}/`))
  const expected = disputes[`${name}: ${family}`]

  test('agrees with us, but for what is listed', { timeout: 60_000 }, async () => {
    const found: Record<string, Dispute> = {}
    for (const transcript of own) {
      const dispute = disputeBetween(oursOf(transcript), await verdictOf(judge, transcript.body))
      if (dispute) found[transcript.name.slice(family.length + 1)] = dispute
    }
    expect(found).toEqual(expected)
  })

  test('is outvoted in docs/judges.md', () => {
    const page = readFileSync(new URL('../../../docs/judges.md', import.meta.url), 'utf8')
    const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? ''
    for (const transcript of Object.keys(expected ?? {})) expect(section).toContain(`\`${family}/${transcript}\``)
  })
})

function oursOf({ provider, body }: Transcript): Verdict {
  const { complete, answer } = decode(provider, [body])
  return { complete, text: answer.text, calls: answer.toolCalls.map(({ name, args }) => [name, args]) }
}

function disputeBetween(ours: Verdict, theirs: Verdict): Dispute | undefined {
  if (ours.complete !== theirs.complete) return ours.complete ? 'fails' : 'believes'
  return ours.complete && JSON.stringify(ours) !== JSON.stringify(theirs) ? 'differs' : undefined
}
