import type { LlmEvent, Usage } from './events.ts'
import type { StreamMetrics } from './outcome.ts'
import { createQuantiles } from './quantiles.ts'
import { utf8Length } from './utf8-length.ts'

export interface Meter {
  connected(): void
  read(bytes: number): void
  event(event: LlmEvent): void
  readonly bytes: number
  /** Whether a token has come. */
  readonly begun: boolean
  /** Tokens as the provider counted them; without `usage`, the deltas are counted. */
  metrics(usage: Usage | undefined): StreamMetrics
}

type Token = Extract<LlmEvent, { readonly kind: 'text' | 'reasoning' | 'refusal' | 'tool-call' }>

/** What people wait for: text, reasoning, refusal, tool calls. */
export function isToken(event: LlmEvent): event is Token {
  const { kind } = event
  return kind === 'text' || kind === 'reasoning' || kind === 'refusal' || kind === 'tool-call'
}

/** Takes the times of one stream, in constant memory. */
export function createMeter(now: () => number = () => performance.now()): Meter {
  const start = now()
  const gaps = createQuantiles()
  let bytes = 0
  let reads = 0
  let readAt = start
  let content = 0 // bytes
  let tokens = 0
  let thoughts = 0 // of the tokens
  let bursts = 0
  let connect: number | undefined
  let firstByte: number | undefined
  let firstToken: number | undefined
  let lastToken = { at: 0, read: 0 }

  return {
    get bytes() {
      return bytes
    },
    get begun() {
      return tokens > 0
    },
    connected() {
      connect = now() - start
    },
    read(length) {
      bytes += length
      reads++
      readAt = now() - start
      firstByte ??= readAt
    },
    event(event) {
      if (!isToken(event)) return
      tokens++
      if (event.kind === 'reasoning') thoughts++
      content += utf8Length(event.kind === 'tool-call' ? event.arguments : event.text)
      if (firstToken === undefined) firstToken = readAt
      else gaps.add(readAt - lastToken.at)
      if (lastToken.read === reads) bursts++
      else lastToken = { at: readAt, read: reads }
    },
    metrics(usage) {
      const spoken = firstToken === undefined ? 0 : lastToken.at - firstToken
      const gapped = (usage ? streamed(usage, thoughts > 0) : tokens) - 1 // the first token has no gap before it
      const [p50, p99] = [gaps.at(0.5), gaps.at(0.99)]
      return {
        total: now() - start,
        bytes,
        overheadBytes: Math.max(0, bytes - content),
        ...(connect !== undefined && { connect }),
        ...(firstByte !== undefined && { firstByte }),
        ...(firstToken !== undefined && { firstToken }),
        ...(p50 !== undefined && { interTokenP50: p50 }),
        ...(p99 !== undefined && { interTokenP99: p99 }),
        ...(spoken > 0 && gapped > 0 && { tokensPerSecond: (gapped / spoken) * 1000 }),
        ...(tokens > 0 && { burstFactor: bursts / tokens }),
      }
    },
  }
}

/** The tokens that came over the line: thoughts that are paid for and never shown take no time between two others. */
function streamed({ outputTokens, reasoningTokens = 0 }: Usage, shownThoughts: boolean): number {
  return shownThoughts ? outputTokens : outputTokens - reasoningTokens
}
