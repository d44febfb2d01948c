import { asText } from '@sse-from-scratch/course'
import { openai } from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import { explain } from '@sse-from-scratch/wire-xray'
import OpenAI from 'openai'
import { untilSentinel } from '#ex/04-did-it-finish'
import type { Delta } from './contract.ts'

// The same answer, ending in five ways: what HTTP, OpenAI's SDK and your function say of it.
const simulator = await startSimulator({ tokensPerSecond: 0, words: { min: 12, max: 16 } })
const endings = {
  'whole, with [DONE]': '',
  'no [DONE]': 'no-done',
  'cut behind an event, in good order': 'cut=clean@5',
  'cut in the middle of a character': 'cut=utf8+clean@5',
  'the connection is reset': 'cut=rst@5',
}
const messages = [{ role: 'user', content: 'What is a river?' }] as const
const url = `${simulator.url}/v1/chat/completions`
const cells = (...texts: readonly string[]) =>
  console.log(
    texts
      .map((text) => text.padEnd(22))
      .join('')
      .trimEnd(),
  )

/** What is sent for this ending, as far as it comes, and how HTTP says that it ended. */
async function read(model: string): Promise<{ body: Uint8Array<ArrayBuffer>; http: string }> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ model, stream: true, messages }) }
  const answer = await fetch(url, init)
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of answer.body ?? []) pieces.push(piece)
    return { body: new Uint8Array(Buffer.concat(pieces)), http: 'complete' }
  } catch {
    return { body: new Uint8Array(Buffer.concat(pieces)), http: 'an error' }
  }
}

/** Your 3.2, as the package does it. */
async function* deltasIn(body: Uint8Array): AsyncGenerator<Delta> {
  const mapper = openai().createMapper()
  const events: { type: string; data: string; lastEventId: string }[] = []
  createEventDecoder().push(body, (item) => item.kind === 'event' && events.push(item.event))
  for (const event of events) {
    for (const found of mapper.map(event)) if (found.kind === 'text') yield { kind: 'text', text: found.text }
    if (mapper.done) yield { kind: 'end' }
  }
}

async function sdk(model: string): Promise<string> {
  const client = new OpenAI({ apiKey: 'k', baseURL: `${simulator.url}/v1`, maxRetries: 0, logLevel: 'off' })
  try {
    const stream = await client.chat.completions.create({ model, stream: true, messages: [...messages] })
    for await (const _ of stream);
    return 'no error'
  } catch {
    return 'an error'
  }
}

async function mine(body: Uint8Array): Promise<string> {
  try {
    for await (const _ of untilSentinel(deltasIn(body)));
    return 'whole'
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${error.code}`
      : `${error instanceof Error ? error.message : error}`
  }
}

const { body } = await read('sim:cut=clean@5')
const tail = asText(body).lastIndexOf('data: ')
console.log('The last event of a cut answer, which HTTP calls complete:\n')
console.log(`${explain(body.subarray(tail), { as: 'event-stream', columns: Number(process.env['COLUMNS']) || 80 })}\n`)
cells('HTTP', "OpenAI's SDK", 'you')
for (const [name, fault] of Object.entries(endings)) {
  const model = fault === '' ? 'm' : `sim:${fault}`
  const { body, http } = await read(model)
  cells(http, await sdk(model), await mine(body), name)
}
await simulator.close()
