import { readEvents } from '@sse-from-scratch/sse-client'
import { type FinishedAnswer, type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator/index.ts'

/** A simulator that does not dawdle. */
export function startFast(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({ tokensPerSecond: 0, ...options })
}

export const OPENAI = '/v1/chat/completions'
export const ANTHROPIC = '/v1/messages'
export const VERSION = { 'anthropic-version': '2023-06-01' }

export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into it, and fails where it is something else
export type Json = any

export interface WireEvent {
  readonly type: string
  readonly data: Json
}

export async function jsonOf(response: Response): Promise<Json> {
  return await response.json()
}

/** The events of a stream: their type, and their data as JSON where it is JSON. */
export async function eventsOf(response: Response): Promise<WireEvent[]> {
  const events: WireEvent[] = []
  for await (const { type, data } of readEvents(response)) {
    events.push({ type, data: data.startsWith('{') ? JSON.parse(data) : data })
  }
  return events
}

/** An onFinish option, and the record it is called with. */
export function recordFinish(): { onFinish: (answer: FinishedAnswer) => void; finished: Promise<FinishedAnswer> } {
  let onFinish: (answer: FinishedAnswer) => void = () => {}
  const finished = new Promise<FinishedAnswer>((resolve) => {
    onFinish = resolve
  })
  return { onFinish, finished }
}
