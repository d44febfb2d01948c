import { LlmError } from '../errors.ts'
import type { LlmEvent } from '../events.ts'
import { type JsonObject, textOf } from '../json.ts'
import { type SpokenKind, spoken } from './spoken.ts'

/** Parts of a response that may be open at a time. */
const MAX_OPEN_PARTS = 1024

/** What is said in a response: pieces, and then the whole of each part again, which is news only if there were none. */
export interface Parts {
  piece(kind: SpokenKind, event: JsonObject): LlmEvent[]
  /** `text` is all of the part. */
  whole(kind: SpokenKind, event: JsonObject, text: unknown): LlmEvent[]
}

export function createParts(): Parts {
  const open = new Set<string>()
  let last: JsonObject = {} // deltas come in long runs: the part of the last one is in the set already

  function begun(event: JsonObject): void {
    if (isSamePart(event, last)) return
    last = event
    open.add(keyOf(event))
    if (open.size > MAX_OPEN_PARTS) {
      throw new LlmError('LLM_PROTOCOL', `more than ${MAX_OPEN_PARTS} parts of one response at a time`)
    }
  }

  return {
    piece(kind, event) {
      begun(event)
      return spoken(kind, event['delta'])
    },
    whole(kind, event, text) {
      last = {}
      return open.delete(keyOf(event)) ? [] : spoken(kind, text)
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
