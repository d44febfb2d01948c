import { anthropic, modelFromEnv, providerFromEnv } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { explain } from '@sse-from-scratch/wire-xray'
import { fromAnthropic } from '#ex/03-anthropic-deltas'
import type { ParsedEvent } from './contract.ts'

// An answer in Anthropic's format with a tool call in it: on the left what comes, on the right what you make of it. With --live, and
// ANTHROPIC_API_KEY in the environment, Anthropic is asked.
const found = process.argv.includes('--live') ? providerFromEnv() : undefined
const live = found?.name === 'anthropic' ? found : undefined
if (found && !live) console.log(`${found.name} speaks another format: see 3.2. Here is the simulator.\n`)
const simulator = live ? undefined : await startSimulator({ tokensPerSecond: 200, firstTokenDelay: 0 })
const provider = live ?? anthropic({ baseUrl: simulator?.url ?? '', apiKey: 'nobody-looks' })

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools = [{ name: 'get_weather', parameters }]
const content = 'What is the weather in Oslo?'
const columns = Number(process.env['COLUMNS']) || 80
const width = 50
const cells = (left: string, right: string) => console.log(`${left.slice(0, width).padEnd(width)}  ${right}`)
let seen = ''
let first = true

async function* ask(withTools: boolean): AsyncGenerator<ParsedEvent> {
  const model = live ? await modelFromEnv(live) : 'm'
  const chat = { model, messages: [{ role: 'user', content }], maxTokens: withTools ? 200 : 8 } as const
  const { path, headers, body } = provider.request(withTools ? { ...chat, tools } : chat)
  const answer = await fetch(`${provider.baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(live ? 20_000 : 4000),
  })
  if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`)
  const decoder = createEventDecoder()
  for await (const bytes of answer.body ?? []) {
    if (first) console.log(`${explain(bytes, { as: 'event-stream', columns })}\n`)
    if (first) cells('EVENT', 'YOUR DELTA')
    first = false
    const events: ParsedEvent[] = []
    decoder.push(bytes, (item) => item.kind === 'event' && events.push(item.event))
    for (const event of events) {
      if (seen !== '') cells(seen, '(nothing)')
      seen = told(event)
      yield event
    }
  }
}

/** The type, and what makes this event another one than the next. */
function told({ type, data }: ParsedEvent): string {
  const [detail = ''] = /"(text|partial_json|stop_reason|name)":"(?:[^"\\]|\\.)*"|"input_tokens":\d+/.exec(data) ?? []
  return `${type}  ${detail}`.trim()
}

try {
  for (const withTools of [false, true]) {
    for await (const delta of fromAnthropic(ask(withTools))) {
      cells(seen, JSON.stringify(delta))
      seen = ''
    }
    if (seen !== '') cells(seen, '(nothing)')
    seen = ''
    console.log()
  }
} catch (error) {
  if (seen !== '') cells(seen, '')
  console.log('fromAnthropic:', error instanceof Error ? error.message : error)
}
await simulator?.close()
