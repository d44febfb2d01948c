import {
  type Chat,
  type ChatStream,
  type LlmEvent,
  type Outcome,
  type Provider,
  type StreamChatOptions,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import type { Transport } from '@sse-from-scratch/sse-client'
import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { expect } from 'vitest'
import { type Decoded, decode } from './transcripts.ts'

export const chat: Chat = { model: 'm', messages: [{ role: 'user', content: 'How much wood?' }] }

/** Events without names, as OpenAI sends them. */
export function dataOnly(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')
}

/** Events named after their JSON's type, as Anthropic sends them. */
export function named(...events: readonly { readonly type: string }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export interface Reply {
  readonly status?: number
  readonly contentType?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** A transport that has the answer already, cut into reads as given. */
export function replying(reads: Iterable<Uint8Array>, reply: Reply = {}): Transport {
  const { status = 200, contentType = 'text/event-stream', headers = {} } = reply
  return async () => ({
    status,
    contentType,
    header: (name) => headers[name.toLowerCase()] ?? null,
    body: (async function* () {
      yield* reads
    })(),
  })
}

/** Asks, and does not ask again: what is wrong with an answer shows at once. */
export function askOnce(provider: Provider, chat: Chat, options: StreamChatOptions = {}): ChatStream {
  return streamChat(provider, chat, { retry: { attempts: 1 }, ...options })
}

export async function outcomeOf(provider: Provider, text: string, reply: Reply = {}): Promise<Outcome> {
  return askOnce(provider, chat, { transport: replying([bytes(text)], reply) }).outcome
}

/** Everything an iterating caller sees: the events, and what was thrown at the end. */
export async function collect(stream: ChatStream): Promise<{ events: LlmEvent[]; error: unknown }> {
  const events: LlmEvent[] = []
  try {
    for await (const event of stream) events.push(event)
    return { events, error: undefined }
  } catch (error) {
    return { events, error }
  }
}

/**
 * The outcome of a body, after making sure that it is the same at every cut in two and byte by byte. The cuts are made
 * without a stream around them: what an outcome is made of are the events.
 */
export async function outcomeAtEveryCut(provider: Provider, text: string, reply: Reply = {}): Promise<Outcome> {
  const expected = told(decode(provider, [bytes(text)]))
  let cut = 0
  for (const reads of everySplit(bytes(text))) {
    const found = told(decode(provider, reads))
    if (found !== expected) expect(found, `cut ${cut}`).toBe(expected)
    cut++
  }
  return outcomeOf(provider, text, reply)
}

/** All that is told of an answer; what adds it up is told nothing else. */
export function told({ events, error }: Decoded): string {
  return JSON.stringify([events, error?.code, error?.message])
}

/** Without what depends on the clock. */
export function withoutTimes({ metrics: _, ...rest }: Outcome): Omit<Outcome, 'metrics'> {
  return rest
}
