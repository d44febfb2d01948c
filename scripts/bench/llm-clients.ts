import { connect } from 'node:net'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { anthropic, gemini, openai, type Provider, streamChat } from '@sse-from-scratch/llm-stream'
import { type LanguageModel, streamText } from 'ai'
import { createParser } from 'eventsource-parser'
import OpenAI from 'openai-6'

/** Asks the provider at `url`, and hands on each piece of text; resolves at the end of the answer. */
export type Ask = (url: string, take: (text: string) => void) => Promise<void>

const PROMPT = 'What is a token?'
const KEY = 'sk-of-nobody'
const messages = [{ role: 'user', content: PROMPT }] as const

/** All of them make a request of their own, on a connection of its own, and understand the answer as well as they do. */
export const clients = {
  'streamChat(openai)': ours((url) => openai({ baseUrl: `${url}/v1`, apiKey: KEY })),
  'streamChat(anthropic)': ours((url) => anthropic({ baseUrl: url, apiKey: KEY })),
  'streamChat(gemini)': ours((url) => gemini({ baseUrl: `${url}/v1beta`, apiKey: KEY })),
  openai: openAiSdk,
  '@anthropic-ai/sdk': anthropicSdk,
  '@google/genai': googleSdk,
  'ai + openai': aiSdk((url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: KEY }).chat('m')),
  'ai + anthropic': aiSdk((url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: KEY })('m')),
  'ai + google': aiSdk((url) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: KEY })('m')),
  'fetch + eventsource-parser': fetchAndParser,
  'hand parser, openai': handParser('/v1/chat/completions', (chunk) => chunk.choices?.[0]?.delta.content),
  'hand parser, anthropic': handParser('/v1/messages', (event) => event.delta?.text),
  'hand parser, gemini': handParser('/v1beta/models/m:streamGenerateContent?alt=sse', ({ candidates }) => {
    return candidates?.[0]?.content.parts[0]?.text
  }),
  'byte scan, openai': byteScan('/v1/chat/completions'),
  'byte scan, anthropic': byteScan('/v1/messages'),
  'byte scan, gemini': byteScan('/v1beta/models/m:streamGenerateContent?alt=sse'),
} as const satisfies Readonly<Record<string, Ask>>

export type ClientName = keyof typeof clients

function ours(providerAt: (url: string) => Provider): Ask {
  return async (url, take) => {
    const stream = streamChat(providerAt(url), { model: 'm', messages })
    for await (const event of stream) if (event.kind === 'text') take(event.text)
    const { complete, error } = await stream.outcome
    if (!complete) throw error
  }
}

async function openAiSdk(url: string, take: (text: string) => void): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY })
  const stream = await client.chat.completions.create({
    model: 'm',
    messages: [...messages],
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const { choices } of stream) {
    const text = choices[0]?.delta.content
    if (text) take(text)
  }
}

async function anthropicSdk(url: string, take: (text: string) => void): Promise<void> {
  const client = new Anthropic({ baseURL: url, apiKey: KEY })
  const stream = await client.messages.create({ model: 'm', max_tokens: 4096, messages: [...messages], stream: true })
  for await (const event of stream) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') take(event.delta.text)
  }
}

async function googleSdk(url: string, take: (text: string) => void): Promise<void> {
  const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: url } })
  const stream = await client.models.generateContentStream({ model: 'm', contents: PROMPT })
  for await (const { text } of stream) if (text) take(text)
}

function aiSdk(modelAt: (url: string) => LanguageModel): Ask {
  return async (url, take) => {
    const { textStream } = streamText({ model: modelAt(url), prompt: PROMPT })
    for await (const text of textStream) take(text)
  }
}

/** What people write who want no SDK: the platform's fetch, and the usual parser. */
async function fetchAndParser(url: string, take: (text: string) => void): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages, stream: true }),
  })
  const utf8 = new TextDecoder()
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return
      const text = JSON.parse(data).choices[0]?.delta.content
      if (text) take(text)
    },
  })
  for await (const bytes of response.body ?? []) parser.feed(utf8.decode(bytes, { stream: true }))
}

/** Of what a provider sends, only what the hand parsers look at. */
interface Wire {
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[]
  readonly delta?: { readonly text?: string }
  readonly candidates?: readonly { readonly content: { readonly parts: readonly { readonly text: string }[] } }[]
}

/**
 * A socket, and `JSON.parse` of every line that begins with `data:`. It checks nothing, knows no chunk, limit, timer or
 * backpressure, and would not notice if the answer were cut.
 */
function handParser(path: string, textIn: (wire: Wire) => string | undefined): Ask {
  return (url, take) => {
    const utf8 = new TextDecoder()
    let rest = ''
    return post(url + path, (bytes) => {
      const lines = (rest + utf8.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: ') || line.startsWith('data: [')) continue
        const text = textIn(JSON.parse(line.slice(6)))
        if (text) take(text)
      }
    })
  }
}

const LF = 0x0a

/** A socket, and a search for the line ends. */
function byteScan(path: string): Ask {
  return (url, take) => {
    return post(url + path, (bytes) => {
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) take('')
    })
  }
}

function post(address: string, take: (bytes: Buffer) => void): Promise<void> {
  const { hostname, port, host, pathname, search } = new URL(address)
  const body = JSON.stringify({ model: 'm', messages, stream: true })
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.write(
      `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    socket.on('data', take)
    socket.on('end', resolve)
    socket.on('error', reject)
  })
}
