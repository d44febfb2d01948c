import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { jsonSchema, type LanguageModel, streamText, type ToolSet } from 'ai'
import OpenAI from 'openai'
import { vi } from 'vitest'

/** What a program that uses an SDK gets to know of an answer. */
export interface Verdict {
  /** Whether it is told that all is well. */
  readonly complete: boolean
  readonly text: string
  /** Name and arguments, `null` where they cannot be parsed. */
  readonly calls: readonly (readonly [name: string, args: unknown])[]
}

/** Asks with an SDK, and answers it with this body. */
export type Judge = (body: Uint8Array<ArrayBuffer>) => Promise<Verdict>

// It would say for every answer that it does not know our model.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

const FAILED: Verdict = { complete: false, text: '', calls: [] }
const apiKey = 'sk-test'
const user = { role: 'user' as const, content: 'How much wood?' }

/** Answers once: some ask again by themselves. */
function answering(body: Uint8Array<ArrayBuffer>): typeof fetch {
  const headers = { 'content-type': 'text/event-stream' }
  let asked = 0
  return async () => (asked++ === 0 ? new Response(body, { headers }) : new Response('', { status: 500 }))
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    return null
  }
}

const openaiChat: Judge = async (body) => {
  const client = new OpenAI({ apiKey, fetch: answering(body), maxRetries: 0, logLevel: 'off' })
  const { choices } = await client.chat.completions.stream({ model: 'm', messages: [user] }).finalChatCompletion()
  const { content, tool_calls: calls = [] } = choices[0]?.message ?? { content: '' }
  return {
    complete: true,
    text: content ?? '',
    calls: calls.map((call) =>
      call.type === 'function' ? [call.function.name, parsed(call.function.arguments)] : ['', null],
    ),
  }
}

const openaiResponses: Judge = async (body) => {
  const client = new OpenAI({ apiKey, fetch: answering(body), maxRetries: 0, logLevel: 'off' })
  const { output, output_text: text } = await client.responses.stream({ model: 'm', input: 'x' }).finalResponse()
  const calls = output.flatMap((item) =>
    item.type === 'function_call' ? [[item.name, parsed(item.arguments)] as const] : [],
  )
  return { complete: true, text, calls }
}

const anthropicSdk: Judge = async (body) => {
  const client = new Anthropic({ apiKey, fetch: answering(body), maxRetries: 0, logLevel: 'off' })
  const { content } = await client.messages.stream({ model: 'm', max_tokens: 9, messages: [user] }).finalMessage()
  return {
    complete: true,
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: content.flatMap((block) => (block.type === 'tool_use' ? [[block.name, block.input] as const] : [])),
  }
}

const genai: Judge = async (body) => {
  vi.stubGlobal('fetch', answering(body))
  try {
    const stream = await new GoogleGenAI({ apiKey }).models.generateContentStream({ model: 'm', contents: 'x' })
    let text = ''
    const calls: [string, unknown][] = []
    for await (const chunk of stream) {
      const parts = chunk.candidates?.[0]?.content?.parts ?? []
      text += parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('')
      calls.push(...(chunk.functionCalls ?? []).map((call): [string, unknown] => [call.name ?? '', call.args ?? {}]))
    }
    return { complete: true, text, calls }
  } finally {
    vi.unstubAllGlobals()
  }
}

/** All names that transcripts call: `ai` refuses to tell of others. */
const tools: ToolSet = Object.fromEntries(
  ['read', 'now', 'write', 'run', 'f', 'g', 'light'].map((name) => [
    name,
    { inputSchema: jsonSchema({ type: 'object' }) },
  ]),
)

function ai(modelOf: (fetch: typeof globalThis.fetch) => LanguageModel): Judge {
  return async (body) => {
    let failed = false
    const onError = () => {
      failed = true
    }
    const stream = streamText({ model: modelOf(answering(body)), prompt: 'x', tools, maxRetries: 0, onError })
    let text = ''
    const calls: [string, unknown][] = []
    for await (const part of stream.fullStream) {
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'tool-call' && !part.providerExecuted)
        calls.push([part.toolName, part.invalid ? null : part.input])
      failed ||= part.type === 'error'
    }
    return { complete: !failed, text, calls }
  }
}

const common = { apiKey, baseURL: 'http://sim.example/v1' }

/** Who judges which folder of transcripts. */
export const judges: readonly { readonly name: string; readonly family: string; readonly judge: Judge }[] = [
  { name: 'openai', family: 'openai', judge: openaiChat },
  { name: 'openai', family: 'openai-responses', judge: openaiResponses },
  { name: '@anthropic-ai/sdk', family: 'anthropic', judge: anthropicSdk },
  { name: '@google/genai', family: 'gemini', judge: genai },
  { name: 'ai', family: 'openai', judge: ai((fetch) => createOpenAI({ ...common, fetch }).chat('m')) },
  { name: 'ai', family: 'openai-responses', judge: ai((fetch) => createOpenAI({ ...common, fetch }).responses('m')) },
  { name: 'ai', family: 'anthropic', judge: ai((fetch) => createAnthropic({ ...common, fetch })('m')) },
  { name: 'ai', family: 'gemini', judge: ai((fetch) => createGoogleGenerativeAI({ ...common, fetch })('m')) },
]

/** A verdict is given even where an SDK throws. */
export async function verdictOf(judge: Judge, body: Uint8Array<ArrayBuffer>): Promise<Verdict> {
  try {
    return await judge(body)
  } catch {
    return FAILED
  }
}
