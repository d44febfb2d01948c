import { asText } from '@sse-from-scratch/course'
import {
  anthropic,
  type Provider as Dialect,
  openai,
  type RecordedRead,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { explain } from '@sse-from-scratch/wire-xray'
import { race } from '#ex/05-side-by-side'
import type { Delta, Provider } from './contract.ts'

// One question, two services, your race; then what went over the two wires.
const columns = process.stdout.columns || 80
const simulator = await startSimulator({ tokensPerSecond: 60, words: { min: 12, max: 12 } })
const wires = new Map<string, RecordedRead[]>()
const providers = [openai, anthropic].map((dialect) =>
  recorded(dialect({ baseUrl: simulator.url, apiKey: 'sk-no-key' })),
)

try {
  const texts = new Map<string, string>()
  let laps = 0
  for await (const { provider, delta, ms } of race('What is the sea?', providers)) {
    if (delta.kind === 'text') texts.set(provider, (texts.get(provider) ?? '') + delta.text)
    if (++laps <= 12) console.log(`${`${Math.round(ms)}`.padStart(5)} ms  ${provider.padEnd(10)} ${said(delta)}`)
  }
  console.log(`         … ${laps} laps in all\n`)
  for (const [name, text] of texts) console.log(`${name}: ${JSON.stringify(text)}`)

  const sides = providers.map(({ name }) => readWire(name))
  console.log('\nTen differences, taken from the bytes:\n')
  for (const [what, answer] of QUESTIONS()) {
    console.log(`${what.padEnd(18)} │ ${sides.map((side) => answer(side).padEnd(28)).join(' │ ')}`.trimEnd())
  }
  console.log('\nThe first word, on both wires:')
  for (const { name, events } of sides) {
    const first = events.find((event) => /"(content|text)":"[^"]/.test(event)) ?? ''
    console.log(`\n${name}\n${explain(Buffer.from(`${first}\n\n`, 'latin1'), { as: 'event-stream', columns })}`)
  }
} catch (error) {
  console.log('race:', error instanceof Error ? error.message : error)
}
await simulator.close()

interface Wire {
  readonly name: string
  /** The head of the request, and what was asked. */
  readonly asked: string
  readonly json: Readonly<Record<string, unknown>>
  /** The body of the answer, without its chunks, and the events in it. */
  readonly body: string
  readonly events: readonly string[]
  readonly text: number
}

/** What to look at on a wire. A function, because the race comes first. */
function QUESTIONS(): readonly (readonly [string, (wire: Wire) => string])[] {
  const place = ({ body }: Wire, ...words: readonly string[]) => words.find((word) => body.includes(`"${word}"`)) ?? '-'
  return [
    ['path', ({ asked }) => asked.split(' ')[1] ?? '-'],
    ['the key is in', ({ asked }) => /^(authorization|x-api-key)/im.exec(asked)?.[1] ?? '-'],
    ['must be asked', ({ json }) => ('max_tokens' in json ? 'max_tokens' : 'stream_options')],
    ['events', ({ events }) => `${events.length}`],
    ['event: lines', ({ body }) => `${new Set(body.match(/^event: .*$/gm)).size} names`],
    ['text is in', (wire) => `${place(wire, 'text_delta', 'content')}`],
    ['stop reason is in', (wire) => `${place(wire, 'stop_reason', 'finish_reason')}`],
    [
      'tokens are told in',
      ({ events }) =>
        `event ${events.flatMap((event, at) => (/output_tokens":|completion_tokens":/.test(event) ? [at + 1] : [])).join(' and ')}`,
    ],
    ['the end is', ({ events }) => events.at(-1)?.split('\n')[0] ?? '-'],
    ['bytes per word', ({ body, text }) => `${Math.round(body.length / text)}`],
  ]
}

function readWire(name: string): Wire {
  const bytes = (direction: 'up' | 'down') =>
    (wires.get(name) ?? [])
      .flatMap((entry) => (entry.kind === 'bytes' && entry.direction === direction ? [asText(entry.bytes)] : []))
      .join('')
  const [asked = '', question = '{}'] = bytes('up').split('\r\n\r\n')
  const chunks = bytes('down').split('\r\n\r\n').slice(1).join('\r\n\r\n')
  const body = chunks.replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '') // this body is cut at no place where that would go wrong
  const events = body.split('\n\n').filter((event) => event.trim() !== '')
  return {
    name,
    asked,
    json: JSON.parse(question),
    body,
    events,
    text: body.match(/"(content|text)":"[^"]/g)?.length ?? 1,
  }
}

function recorded(dialect: Dialect): Provider {
  const entries: RecordedRead[] = []
  wires.set(dialect.name, entries)
  return {
    name: dialect.name,
    async *ask(prompt, signal) {
      const chat = { model: 'simulator', messages: [{ role: 'user', content: prompt }] } as const
      for await (const event of streamChat(dialect, chat, { signal, record: (entry) => entries.push(entry) })) {
        if (event.kind === 'text') yield { kind: 'text', text: event.text }
        if (event.kind === 'usage')
          yield { kind: 'usage', input: event.usage.inputTokens, output: event.usage.outputTokens }
      }
      yield { kind: 'end' }
    },
  }
}

function said(delta: Delta): string {
  if (delta.kind === 'text') return JSON.stringify(delta.text)
  return delta.kind === 'usage' ? `(usage: ${delta.input} + ${delta.output} tokens)` : `(${delta.kind})`
}
