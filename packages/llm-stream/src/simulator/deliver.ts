import type { OutgoingBody, Respond } from '@sse-from-scratch/http-raw'
import { createByteFaults } from './byte-faults.ts'
import { hasByteFaults, inOneEvent } from './fault-places.ts'
import type { FaultSpec } from './fault-spec.ts'
import type { Line } from './faulty-connection.ts'
import { createCompressor } from './gzip.ts'
import { createPace, type PaceOptions, sleep } from './pace.ts'
import type { Random } from './random.ts'
import type { Frame } from './wire-format.ts'

/** Where an answer goes, how fast, and what goes wrong on the way. */
export interface Delivery {
  readonly respond: Respond
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  readonly line: Line | undefined
  readonly spec: FaultSpec
  readonly pace: PaceOptions
  readonly random: Random
  /** Called for each token when it is made and, in a stream, sent. */
  readonly onToken: () => void
}

/** Sends frames, each token when it is due. Rejects as soon as the client has gone, or when a fault ends it. */
export async function deliverFrames(
  frames: () => Iterable<Frame>,
  fields: Readonly<Record<string, string>>,
  delivery: Delivery,
): Promise<void> {
  const { pace, random, onToken, spec } = delivery
  const open = await prepare(frames, delivery)
  const gzip = spec.gzip === undefined ? undefined : createCompressor(spec.gzip === 'flush')
  const body = await open(200, { ...fields, ...(gzip && { 'Content-Encoding': 'gzip' }) })
  const due = createPace(pace, random, body.signal)
  let n = 0
  for (const { bytes, holdsToken, wait } of frames()) {
    if (holdsToken) await due()
    if (wait !== undefined) await sleep(wait, body.signal)
    n += 1
    await writeMarked(body, gzip ? await gzip.push(bytes) : bytes, n, delivery)
    if (holdsToken) onToken()
  }
  if (gzip) await writeMarked(body, await gzip.end(), n + 1, delivery)
  if (spec.linger !== undefined) await hold(spec.linger, delivery)
  if (delivery.line) delivery.line.mark = { kind: 'end' }
  await body.end()
}

/** Waits for as long as making the tokens takes, for an answer that is not streamed. */
export async function deliverNothing(tokens: number, { pace, random, signal, onToken }: Delivery): Promise<void> {
  const due = createPace(pace, random, signal)
  for (let i = 0; i < tokens; i++) {
    await due()
    onToken()
  }
}

/** Sends one text, all at once; as a body of one event where the bytes are to go wrong. */
export async function deliverText(
  status: number,
  fields: Readonly<Record<string, string>>,
  text: string,
  delivery: Undelivered,
): Promise<void> {
  const bytes = new TextEncoder().encode(text)
  const spec = inOneEvent(delivery.spec)
  const open = await prepare(() => [{ bytes, holdsToken: false }], { ...delivery, spec })
  if (!hasByteFaults(delivery.spec)) {
    await open(status, fields, text)
    return
  }
  const body = await open(status, fields)
  await writeMarked(body, bytes, 1, delivery)
  if (delivery.line) delivery.line.mark = { kind: 'end' }
  await body.end()
}

/** A way of answering, and what goes wrong on it. */
export type Undelivered = Pick<Delivery, 'respond' | 'signal' | 'line' | 'spec'>

type Open = (status: number, fields: Readonly<Record<string, string>>, body?: string) => Promise<OutgoingBody>

/** Arms the line, and does all that comes before the head. */
async function prepare(frames: () => Iterable<Frame>, delivery: Undelivered): Promise<Open> {
  const { respond, line, spec } = delivery
  if (line && hasByteFaults(spec)) line.arm(createByteFaults(spec, contentLength(frames, spec)))
  if (spec.delay !== undefined) await hold(spec.delay, delivery)
  for (const status of spec.interim ?? []) await respond(status)
  if (spec.type === undefined) return respond
  const type = { 'Content-Type': spec.type }
  return (status, fields, body) => respond(status, { ...fields, ...type }, body)
}

/** How long the head says that the body is. */
function contentLength(frames: () => Iterable<Frame>, { framing, lengthOff = 0 }: FaultSpec): number | undefined {
  if (framing !== 'length') return undefined
  let length = lengthOff
  for (const { bytes } of frames()) length += bytes.length
  return Math.max(length, 0)
}

async function writeMarked(body: OutgoingBody, bytes: Uint8Array, n: number, { line }: Undelivered): Promise<void> {
  if (line) line.mark = { kind: 'event', n }
  await body.write(bytes)
}

async function hold(milliseconds: number, { line, signal }: Undelivered): Promise<void> {
  await (line ? line.hold(milliseconds) : sleep(milliseconds, signal))
}
