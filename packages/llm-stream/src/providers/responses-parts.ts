import { LlmError } from '../errors.ts'
import type { LlmEvent } from '../events.ts'
import { type JsonObject, textOf } from '../json.ts'
import { type SpokenKind, spoken } from './spoken.ts'

/** Parts of a response that may be open at a time, and items that something may be said in. */
const MAX_OPEN_PARTS = 1024
const MAX_ITEMS = 4096

/** What is said in a response: pieces, and then the whole of each part again, which is news only if there were none. */
export interface Parts {
  piece(kind: SpokenKind, event: JsonObject): LlmEvent[]
  /** `text` is all of the part. */
  whole(kind: SpokenKind, event: JsonObject, text: unknown): LlmEvent[]
  /**
   * An item is over: whether it is all news, as nothing has been said in it. Only its number tells (some servers give it
   * another id each time), and only where they all have one: rather a text that is missing than one that comes twice.
   */
  close(outputIndex: unknown): boolean
}

export function createParts(): Parts {
  const open = new Set<string>()
  const heard = new Set<unknown>() // numbers of the items that something was said in, and of those that are over
  let last: JsonObject = {} // deltas come in long runs: the part of the last one is in the sets already

  function begun(event: JsonObject): void {
    if (isSamePart(event, last)) return
    last = event
    open.add(keyOf(event))
    if (open.size > MAX_OPEN_PARTS) {
      throw new LlmError('LLM_PROTOCOL', `more than ${MAX_OPEN_PARTS} parts of one response at a time`)
    }
    hear(event['output_index'])
  }

  function hear(outputIndex: unknown): void {
    heard.add(outputIndex)
    if (heard.size > MAX_ITEMS) throw new LlmError('LLM_PROTOCOL', `more than ${MAX_ITEMS} items of one response`)
  }

  return {
    piece(kind, event) {
      begun(event)
      return spoken(kind, event['delta'])
    },
    whole(kind, event, text) {
      last = {}
      hear(event['output_index'])
      return open.delete(keyOf(event)) ? [] : spoken(kind, text)
    },
    close(outputIndex) {
      const isNews = typeof outputIndex === 'number' && !heard.has(outputIndex) && !heard.has(undefined)
      if (isNews) hear(outputIndex)
      return isNews
    },
  }
}

function isSamePart(a: JsonObject, b: JsonObject): boolean {
  return a['type'] === b['type'] && PLACE.every((member) => a[member] === b[member])
}

/** `response.output_text.delta` and `response.output_text.done` are about the same part. */
function keyOf(event: JsonObject): string {
  const type = textOf(event['type']).replace(/\.(?:delta|done)$/, '')
  return [type, ...PLACE.map((member) => event[member])].join(' ')
}

/** What says which part of which item an event is about. */
const PLACE = ['item_id', 'output_index', 'content_index', 'summary_index']
