import { providerFromEnv } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { explain } from '@sse-from-scratch/wire-xray'
import { postStream } from '#ex/01-post-with-stream-true'

// Your request, on its way to a model, and the answer as it comes: each line is one piece of your body. With --live, and a key or
// a base URL in the environment (OPENAI_API_KEY, LLM_BASE_URL), a real provider is asked.
const messages = [{ role: 'user', content: 'What is a river?' }] as const
const live = process.argv.includes('--live') ? providerFromEnv() : undefined
const model = live
  ? undefined
  : await startSimulator({ tokensPerSecond: 100, firstTokenDelay: 300, words: { min: 40, max: 60 } })
const simulated = {
  path: '/v1/chat/completions',
  headers: { Authorization: 'Bearer nobody-looks' },
  body: { model: 'm', stream: true, messages },
}
const {
  path,
  headers,
  body: json,
} = live?.request({ model: process.env['LLM_MODEL'] ?? live.defaultModel ?? 'm', messages }) ?? simulated
const url = new URL(`${live?.baseUrl ?? model?.url}${path}`)

const start = performance.now()
const since = () => `${Math.round(performance.now() - start)} ms`.padStart(8)
const columns = Number(process.env['COLUMNS']) || 80
const stop = new AbortController()
const limit = setTimeout(() => stop.abort(new Error('4 seconds are over')), 4000)
let shown = 0
try {
  const answer = await postStream(url, { headers, json, signal: stop.signal })
  console.log(`${since()}  status ${answer.status}, ${answer.headers['content-type']}`)
  for await (const piece of answer.body) {
    if (shown++ === 1) console.log(`\n${explain(piece, { as: 'event-stream', columns })}\n`)
    else console.log(`${since()}  ${piece.length} bytes  ${tokenIn(piece)}`)
    if (shown === 12) stop.abort(new Error('that is enough: stop, and do not charge for the rest'))
  }
  console.log(`${since()}  the end`)
} catch (error) {
  console.log(`${since()}  ${error instanceof Error ? error.message : error}`)
}
clearTimeout(limit)
await model?.close()

/** Only to have something to look at: 3.2 does it well. */
function tokenIn(piece: Uint8Array): string {
  const [token] = /"(content|text)":"[^"]+"/.exec(new TextDecoder().decode(piece)) ?? ['']
  return token
}
