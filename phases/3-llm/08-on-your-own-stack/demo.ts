import { startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { createXray, type Layer, type Span } from '@sse-from-scratch/wire-xray'
import { compose } from '#ex/08-on-your-own-stack'
import type { Ui, UiEvent } from '../06-terminal-chat/contract.ts'
import { connect } from './connect.ts'
import type { Connect } from './contract.ts'
import { yourLayers } from './your-layers.ts'

// The chat of 3.6, on your stack. Each layer is your own file where you have written it, and the package's where not. Then the
// bytes of the answer, each with the layer that has taken it, and whose code that layer is.
const { sources, step, paint, ...layers } = await yourLayers()
const columns = process.stdout.columns || Number(process.env['COLUMNS']) || 80
const reads: Uint8Array[] = []
const overheard: Connect = async function* (url, request, signal) {
  for await (const read of connect(url, request, signal)) {
    reads.push(Uint8Array.from(read))
    yield read
  }
}
const ask = compose({ ...layers, connect: overheard })
let problem = ''
let ui: Ui = { phase: 'ready', input: '', turns: [] }
const simulator = await startSimulator({ tokensPerSecond: 60, words: { min: 12, max: 12 } })

try {
  await chat('What is the sea?')
} catch (error) {
  const say = error instanceof Error ? error.message : `${error}`
  problem = `\nThe chat ended with an error: ${say}\n` // your paint of 3.6 may not show it yet
  happens({ kind: 'failed', say, at: performance.now() })
}
happens({ kind: 'interrupt', at: performance.now() })
console.log(`${process.stdout.isTTY ? '' : paint(ui, columns)}\n${problem}${table()}\n\n${firstBytes()}`)
await simulator.close()

async function chat(question: string): Promise<void> {
  happens({ kind: 'type', text: question })
  happens({ kind: 'enter', at: performance.now() })
  const json = { model: 'simulator', stream: true, messages: [{ role: 'user', content: question }] }
  for await (const delta of ask({ url: new URL('/v1/chat/completions', simulator.url), json })) {
    happens({ kind: 'delta', delta, at: performance.now() })
    if (ui.phase !== 'answering') return
  }
  happens({ kind: 'complete', at: performance.now() })
}

function happens(event: UiEvent): void {
  ui = step(ui, event)
  if (process.stdout.isTTY) process.stdout.write(`\u001b[2J\u001b[H${paint(ui, columns)}`)
}

/** Whose code has taken the bytes of a layer. */
function ownerOf(layer: Layer): string {
  const id = { http: '0.4', chunked: '1.4', sse: '2.3', llm: '3.2', body: '3.8' }[layer]
  if (id === '3.8') return `yours (${id})`
  return `${sources.some((source) => source.id === id && source.isYours) ? 'yours' : 'the package'} (${id})`
}

function table(): string {
  const sizes = new Map<Layer, number>()
  for (const { layer, start, end } of spans()) sizes.set(layer, (sizes.get(layer) ?? 0) + end - start)
  const bytes = [...sizes].map(
    ([layer, size]) => `${`${size}`.padStart(6)} bytes  ${layer.padEnd(8)} ${ownerOf(layer)}`,
  )
  const others = sources.filter(({ problem }) => problem !== undefined)
  const problems = others.map(
    ({ id, name, problem }) => `${id} ${name} does not load, so the package's is used: ${problem}`,
  )
  const yours = sources.filter(({ isYours }) => isYours).length
  return [
    `${yours} of ${sources.length} functions below 3.8 are yours. Who has taken the bytes of the answer:`,
    ...bytes,
    ...problems,
  ].join('\n')
}

/** From the end of the head on: where the layers lie one in the other. */
function firstBytes(): string {
  const all = Buffer.concat(reads)
  const body = spans().filter(({ start }) => start >= all.indexOf('\r\n\r\n') + 4)
  return body
    .slice(0, 14)
    .map(({ start, end, layer, element }) => {
      const text = JSON.stringify(all.toString('latin1', start, end)).slice(0, Math.max(12, columns - 55))
      return `${`${start}`.padStart(5)}  ${element.padEnd(20)} ${ownerOf(layer).padEnd(18)} ${text}`
    })
    .join('\n')
}

/** Each run of bytes with one meaning, once, however it was cut into reads. */
function spans(): Span[] {
  const found: Span[] = []
  const xray = createXray(
    (span) => found.push(span),
    () => {},
  )
  xray.push('down', Buffer.concat(reads))
  return found
}
