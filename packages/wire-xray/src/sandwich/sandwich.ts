import type { DialOptions } from '@sse-from-scratch/http-raw'
import { type Diagnosis, diagnose, diagnoseHop } from '../diagnose/index.ts'
import type { Item } from '../proxy/item.ts'
import { startProxy, type XrayProxy } from '../proxy/start-proxy.ts'
import { createTimeline, type Exchange, type Residences, residencesOf } from '../timeline/index.ts'

/** The hop, and what is on its two sides. */
export interface SandwichOptions {
  /** The hop: its origin, such as `http://127.0.0.1:8080`. */
  readonly hop: string | URL
  /** The server behind the hop. */
  readonly origin: string | URL
  /** Where clients ask. Default 0: any port that is free. */
  readonly front?: number
  /** Where the hop has to ask. Default 0. */
  readonly back?: number
  readonly tls?: DialOptions['tls']
  /** Told of each answer that both taps have seen, when it is over. */
  readonly onPair: (pair: Pair) => void
}

/** One exchange, seen on both sides of a hop. */
export interface Pair {
  readonly front: Exchange
  readonly back: Exchange
  readonly residences: Residences
  /** What the hop does to it, and what is wrong with it in front of the hop. */
  readonly diagnoses: readonly Diagnosis[]
}

/** Two taps that listen. */
export interface Sandwich extends AsyncDisposable {
  readonly front: XrayProxy
  readonly back: XrayProxy
  /** Resolves when all that is over has been told of. */
  settled(): Promise<void>
}

/** Puts a tap on each side of a hop, with one clock. Rejects as `startProxy` does. */
export async function startSandwich({ hop, origin, onPair, tls, ...ports }: SandwichOptions): Promise<Sandwich> {
  const start = performance.now()
  const now = (): number => performance.now() - start
  const [inFront, behind] = [createTimeline(), createTimeline()]
  const told = new Set<number>() // of the tap in front
  const taken = new Set<number>() // of the tap behind
  let soon = false

  function look(): void {
    soon = false
    for (const front of inFront.exchanges) {
      if (front.end.kind === 'open' || told.has(front.number)) continue
      const back = twinOf(front)
      if (!back || back.end.kind === 'open') continue // the hop may be done before the server is
      told.add(front.number)
      taken.add(back.number)
      const diagnoses = [...diagnoseHop(front, back), ...diagnose(front)]
      onPair({ front, back, residences: residencesOf(front, back), diagnoses })
    }
  }

  /** The first that asked the same, and not before the one in front did. */
  function twinOf({ askedAt, request }: Exchange): Exchange | undefined {
    return behind.exchanges.find(
      (back) =>
        !taken.has(back.number) &&
        back.askedAt >= askedAt &&
        back.request.method === request.method &&
        back.request.target === request.target,
    )
  }

  const taking = (take: (item: Item) => void) => (item: Item) => {
    take(item)
    if (soon || !ENDS.has(item.kind)) return
    soon = true
    queueMicrotask(look)
  }
  const common = { now, withBytes: true, ...(tls && { tls }) }
  const back = await startProxy({ ...common, target: origin, port: ports.back ?? 0, onItem: taking(behind.take) })
  let front: XrayProxy
  try {
    front = await startProxy({ ...common, target: hop, port: ports.front ?? 0, onItem: taking(inFront.take) })
  } catch (error) {
    await back[Symbol.asyncDispose]()
    throw error
  }
  return {
    front,
    back,
    async settled() {
      await Promise.all([front.settled(), back.settled()])
      look()
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      await back[Symbol.asyncDispose]()
    },
  }
}

const ENDS: ReadonlySet<Item['kind']> = new Set(['complete', 'fin', 'reset', 'error', 'gap'])
