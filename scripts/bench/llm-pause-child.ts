// One client that stops after its first token, and the provider that it has for itself, which goes on.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { openai, streamChat } from '@sse-from-scratch/llm-stream'
import { streamText } from 'ai'
import OpenAI from 'openai-6'
import { answerRounds, startChild } from './child.ts'

const PAUSE = 1000 // milliseconds
const apiKey = 'sk-of-nobody'
const messages = [{ role: 'user' as const, content: 'What is a token?' }]

const [name = ''] = process.argv.slice(2)
const { ready } = await startChild(new URL('llm-server.js', import.meta.url), ['flood'])
const url = `http://127.0.0.1:${ready}`

type Stream = AsyncIterable<unknown> | PromiseLike<AsyncIterable<unknown>>

const clients: Readonly<Record<string, () => Stream>> = {
  streamChat: () => streamChat(openai({ baseUrl: url, apiKey }), { model: 'm', messages }),
  openai() {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey })
    return client.chat.completions.create({ model: 'm', messages, stream: true })
  },
  '@anthropic-ai/sdk'() {
    return new Anthropic({ baseURL: url, apiKey }).messages.create({
      model: 'm',
      max_tokens: 9,
      messages,
      stream: true,
    })
  },
  '@anthropic-ai/sdk, .stream()'() {
    return new Anthropic({ baseURL: url, apiKey }).messages.stream({ model: 'm', max_tokens: 9, messages })
  },
  ai: () => streamText({ model: createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat('m'), messages }).textStream,
  'raw socket, paused'() {
    const socket = connect(Number(ready), '127.0.0.1')
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n')
    return socket
  },
}

answerRounds(async () => {
  const open = clients[name]
  if (!open) throw new RangeError(`no client ${name}`)
  const events = (await open())[Symbol.asyncIterator]()
  await events.next()
  await sleep(PAUSE)
  return Number(await (await fetch(url)).text())
})
