import {
  type Chat,
  encodeRecordedRead,
  encodeRecordingHead,
  type Provider,
  parseRecording,
  type RecordedRead,
  type StreamChatOptions,
  secretsIn,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { expect } from 'vitest'
import { collect } from './wire.ts'

/** Who is asked, and over what. */
export interface Live {
  readonly provider: Provider
  readonly model: string
  readonly options: StreamChatOptions
}

/** What any server must get right, whatever model it has: what the model says is its own business. */
export interface LiveCase {
  readonly name: string
  /** For our own HTTP only. */
  readonly needsSockets?: boolean
  readonly run: (live: Live) => Promise<void>
}

const asking = ({ model }: Live, prompt: string, maxTokens = 64): Chat => ({
  model,
  maxTokens,
  messages: [
    { role: 'system', content: 'You answer in plain English, in one short paragraph.' },
    { role: 'user', content: prompt },
  ],
})

export const liveCases: readonly LiveCase[] = [
  {
    name: 'an answer comes in pieces, is complete, and has been paid for in tokens',
    async run(live) {
      const stream = streamChat(live.provider, asking(live, 'What is a token?'), live.options)
      const { events, error } = await collect(stream)
      const outcome = await stream.outcome
      expect(error).toBeUndefined()
      expect(outcome).toMatchObject({ complete: true, error: undefined, attempts: 1 })
      expect(['stop', 'length']).toContain(outcome.stopReason)
      const pieces = events.filter(({ kind }) => kind === 'text' || kind === 'reasoning')
      expect(pieces.length).toBeGreaterThan(1)
      expect(pieces.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('')).toBe(outcome.text)
      expect(outcome.usage?.outputTokens).toBeGreaterThan(0)
      expect(outcome.usage?.estimated).toBeUndefined()
      expect(outcome.metrics.firstToken).toBeLessThanOrEqual(outcome.metrics.total)
      expect(outcome.text + outcome.reasoning).not.toContain('\ufffd')
    },
  },
  {
    name: 'an answer that runs into maxTokens says so, and is complete',
    async run(live) {
      const chat = asking(live, 'Count from one to one thousand, in words.', 16)
      const outcome = await streamChat(live.provider, chat, live.options).outcome
      expect(outcome).toMatchObject({ complete: true, stopReason: 'length' })
    },
  },
  {
    name: 'a conversation goes on',
    async run(live) {
      const { model } = live
      const messages = [
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: 'Hello Ada.' },
        { role: 'user', content: 'What is my name?' },
      ] as const
      const outcome = await streamChat(live.provider, { model, messages, maxTokens: 64 }, live.options).outcome
      expect(outcome).toMatchObject({ complete: true, error: undefined })
    },
  },
  {
    name: 'leaving the loop ends the answer, keeps what came, and estimates what it cost',
    async run(live) {
      const stream = streamChat(live.provider, asking(live, 'Tell me a long story.', 500), live.options)
      for await (const { kind } of stream) if (kind === 'text' || kind === 'reasoning') break
      const outcome = await stream.outcome
      if (outcome.complete) return // all of it had come in one read: there was nothing left to leave
      expect(outcome).toMatchObject({ complete: false, error: { code: 'LLM_ABORTED', retryable: false } })
      expect(outcome.text + outcome.reasoning).not.toBe('')
      expect(outcome.usage).toMatchObject({ estimated: true })
    },
  },
  {
    name: 'four answers at a time are four answers',
    async run(live) {
      const chats = ['one', 'two', 'three', 'four'].map((word) => asking(live, `Say the word "${word}".`, 32))
      const outcomes = await Promise.all(chats.map((chat) => streamChat(live.provider, chat, live.options).outcome))
      expect(outcomes.map(({ complete, error }) => error ?? complete)).toEqual([true, true, true, true])
    },
  },
  {
    name: 'a recording of it can be read, and has no key in it',
    needsSockets: true,
    async run(live) {
      const entries: RecordedRead[] = []
      const options = { ...live.options, record: (entry: RecordedRead) => entries.push(entry) }
      const chat = asking(live, 'Say hello.', 32)
      await streamChat(live.provider, chat, options).outcome
      const head = { startedAt: new Date().toISOString(), target: new URL(live.provider.baseUrl).origin, redacted: [] }
      const file = encodeRecordingHead(head) + entries.map(encodeRecordedRead).join('')
      expect(parseRecording(file).entries).toHaveLength(entries.length)
      for (const secret of secretsIn(live.provider.request(chat).headers)) expect(file.includes(secret)).toBe(false)
    },
  },
]
