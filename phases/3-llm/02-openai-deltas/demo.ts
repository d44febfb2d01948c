import { modelFromEnv, openai, providerFromEnv } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { fromOpenAI } from '#ex/02-openai-deltas'
import type { ParsedEvent } from './contract.ts'

// One answer with two tool calls in it: on the left what comes, on the right what you make of it. With --live, and LLM_BASE_URL
// or OPENAI_API_KEY in the environment, a real provider that speaks OpenAI's format is asked.
const found = process.argv.includes('--live') ? providerFromEnv() : undefined
const live = found?.name === 'openai' ? found : undefined
if (found && !live) console.log(`${found.name} speaks another format: see 3.3. Here is the simulator.\n`)
const simulator = live
  ? undefined
  : await startSimulator({ tokensPerSecond: 200, firstTokenDelay: 0, words: { min: 8, max: 12 } })
const provider = live ?? openai({ baseUrl: simulator?.url ?? '' })

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools = [{ name: 'get_weather', parameters }]
const messages = [{ role: 'user', content: 'What is the weather in Oslo?' }] as const
const extra = { stream_options: { include_usage: true } }

const width = 46
const cells = (left: string, right: string) => console.log(`${left.slice(0, width).padEnd(width)}  ${right}`)
let seen = ''

/** The events of one answer. What they say is kept, to be shown beside your deltas. */
async function* ask(withTools: boolean): AsyncGenerator<ParsedEvent> {
  const model = live ? await modelFromEnv(live) : 'm'
  const { path, headers, body } = provider.request({
    model,
    messages,
    extra,
    ...(withTools ? { tools } : { maxTokens: 10 }),
  })
  const answer = await fetch(`${provider.baseUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(live ? 20_000 : 4000),
  })
  if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`)
  const decoder = createEventDecoder()
  for await (const bytes of answer.body ?? []) {
    const events: ParsedEvent[] = []
    decoder.push(bytes, (item) => item.kind === 'event' && events.push(item.event))
    for (const event of events) {
      if (seen !== '') cells(seen, '(nothing)')
      seen = told(event.data)
      yield event
    }
  }
}

/** What changes from event to event: the rest is the same in each. */
function told(data: string): string {
  const [choice] = /"delta":.*?(?=,"logprobs")/.exec(data) ?? []
  const [reason = ''] = /"finish_reason":"[^"]+"/.exec(data) ?? []
  const [usage] = /"choices":\[\],"usage":.*/.exec(data) ?? []
  return usage ?? (choice === undefined ? data : `${choice} ${reason}`.trim())
}

try {
  for (const withTools of [false, true]) {
    cells('DATA OF THE EVENT', 'YOUR DELTA')
    for await (const delta of fromOpenAI(ask(withTools))) {
      cells(seen, JSON.stringify(delta))
      seen = ''
    }
    if (seen !== '') cells(seen, '(nothing)')
    seen = ''
    console.log()
  }
} catch (error) {
  if (seen !== '') cells(seen, '')
  console.log('fromOpenAI:', error instanceof Error ? error.message : error)
}
await simulator?.close()
