import type { LlmEvent } from './events.ts'
import type { StreamMetrics } from './outcome.ts'

export interface Meter {
  connected(): void
  read(bytes: number): void
  event(event: LlmEvent): void
  readonly bytes: number
  /** Whether a token has come. */
  readonly begun: boolean
  /** `outputTokens` as the provider counted them; without it, the deltas are counted. */
  metrics(outputTokens: number | undefined): StreamMetrics
}

/** What people wait for: text, reasoning, refusal, tool calls. */
export function isToken({ kind }: LlmEvent): boolean {
  return kind === 'text' || kind === 'reasoning' || kind === 'refusal' || kind === 'tool-call'
}

/** Takes the times of one stream, in constant memory. */
export function createMeter(now: () => number = () => performance.now()): Meter {
  const start = now()
  const gaps = createQuantiles()
  let bytes = 0
  let reads = 0
  let readAt = start
  let tokens = 0
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
      if (firstToken === undefined) firstToken = readAt
      else gaps.add(readAt - lastToken.at)
      if (lastToken.read === reads) bursts++
      lastToken = { at: readAt, read: reads }
    },
    metrics(outputTokens) {
      const spoken = firstToken === undefined ? 0 : lastToken.at - firstToken
      const [p50, p99] = [gaps.at(0.5), gaps.at(0.99)]
      return {
        total: now() - start,
        bytes,
        ...(connect !== undefined && { connect }),
        ...(firstByte !== undefined && { firstByte }),
        ...(firstToken !== undefined && { firstToken }),
        ...(p50 !== undefined && { interTokenP50: p50 }),
        ...(p99 !== undefined && { interTokenP99: p99 }),
        ...(spoken > 0 && { tokensPerSecond: ((outputTokens ?? tokens) / spoken) * 1000 }),
        ...(tokens > 0 && { burstFactor: bursts / tokens }),
      }
    },
  }
}

/** Adjacent buckets differ by this factor: the error of a quantile is half of it. */
const STEP = Math.log(1.1)
const SMALLEST = 0.001 // milliseconds; what is shorter counts as 0

interface Quantiles {
  add(value: number): void
  at(share: number): number | undefined
}

/** A histogram with logarithmic buckets: a few hundred numbers, however long the stream. */
function createQuantiles(): Quantiles {
  const buckets = new Map<number, number>()
  let count = 0
  return {
    add(value) {
      const bucket = value < SMALLEST ? -1 : Math.round(Math.log(value / SMALLEST) / STEP)
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
      count++
    },
    at(share) {
      let rest = share * count
      for (const [bucket, size] of [...buckets].sort(([a], [b]) => a - b)) {
        rest -= size
        if (rest <= 0) return bucket === -1 ? 0 : SMALLEST * Math.exp(bucket * STEP)
      }
      return undefined
    },
  }
}
