// What the tests of 3.2 and 3.3 share: two wires, one kind of delta.

import { asBytes, type Mistake, mistake, Todo } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import type { Delta, ParsedEvent } from '../contract.ts'

/** What came out: deltas, and then perhaps the code of an error. */
export type Heard = readonly (Delta | { readonly threw: unknown })[]

/** What is under test: the deltas of a wire. */
type Read = (events: AsyncIterable<ParsedEvent>) => AsyncIterable<Delta>

export function heard(id: string, why: string, when: (got: Heard) => boolean = () => true): Mistake<Heard> {
  return mistake<Heard>(id, why, when)
}

const REASONS: readonly string[] = ['stop', 'length', 'tool-calls', 'content-filter', 'other']
export const threw = (got: Heard): boolean => got.some((one) => 'threw' in one)

export const wireWords: Mistake<Heard> = heard(
  'wire-words',
  '`Delta` has its own words for why a model stops, the same for all wires, and this is none of them. The list is in contract.ts; for a word of the wire that is not in it there is `other`.',
  (got) => got.some((one) => 'kind' in one && one.kind === 'stop' && !REASONS.includes(one.reason)),
)
export const noCode: Mistake<Heard> = heard(
  'no-code',
  'You threw, and that is right. But a program cannot read a sentence: it asks `error.code`, and the contract says which. Yours is not there.',
  (got) => got.some((one) => 'threw' in one && !['Provider', 'Malformed'].includes(String(one.threw))),
)

export const END: Delta = { kind: 'end' }

export function say(words: string): Delta {
  return { kind: 'text', text: words }
}

export async function* from(events: readonly ParsedEvent[]): AsyncGenerator<ParsedEvent> {
  yield* events
}

export function eventsIn(body: Uint8Array): AsyncIterable<ParsedEvent> {
  const events: ParsedEvent[] = []
  createEventDecoder().push(asBytes(body), (item) => item.kind === 'event' && events.push(item.event))
  return from(events)
}

export async function deltasOf(read: Read, events: AsyncIterable<ParsedEvent>): Promise<Heard> {
  const got: (Delta | { threw: unknown })[] = []
  try {
    for await (const delta of read(events)) got.push(delta)
  } catch (error) {
    if (error instanceof Todo) throw error
    got.push({ threw: (error as { code?: unknown }).code ?? String(error) })
  }
  return got
}

export async function messageOf(read: Read, events: readonly ParsedEvent[]): Promise<string> {
  try {
    for await (const _ of read(from(events)));
    return 'nothing was thrown'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Text and calls of a whole answer, as a program wants them. */
export interface Whole {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly args: unknown }[]
  readonly tokens: number | undefined
}

export function foldDeltas(deltas: Heard): Whole {
  const calls: { name: string; json: string }[] = []
  let said = ''
  let tokens: number | undefined
  for (const delta of deltas) {
    if ('threw' in delta) throw new Error(`${delta.threw}`)
    if (delta.kind === 'text') said += delta.text
    if (delta.kind === 'usage') tokens = delta.output
    if (delta.kind !== 'tool') continue
    calls[delta.index] ??= { name: delta.name ?? '', json: '' }
    const known = calls[delta.index]
    if (known) known.json += delta.json
  }
  return { text: said, calls: calls.map(({ name, json }) => ({ name, args: JSON.parse(json) })), tokens }
}
