import { LlmError, type LlmEvent, type LlmMapper } from '@sse-from-scratch/llm-stream'
import type { Delta } from './deltas.ts'
import { mapperFor } from './dialect.ts'
import type { Finding, Found, Parent } from './finding.ts'
import type { Find } from './name.ts'
import { printable } from './printable.ts'
import type { Collected } from './ranges.ts'
import { refusalOf } from './refusal.ts'
import { type Text, takeText, textOf } from './said.ts'

/** Characters of one answer that are read: some mappers keep what was said, to hand it back with the next question. */
export const MAX_ANSWER_SIZE: number = 16 * 1024 * 1024

/** Events that may be of no wire format we know, before we ask no more. */
const MOST_STRANGERS = 16

/** Where something was found. */
type Where = Pick<Collected, 'bytes' | 'body'>

/** An event of a stream, or a line of NDJSON. */
export interface Carrier {
  readonly type: string
  readonly data: string
  /** Its bytes. */
  readonly where: Where
  readonly parent: Parent
}

/** What a model says in the events of a body. */
export interface Answer {
  /** Finds what an event adds to the answer; `deltas` are the strings of it that may be text, and their bytes. */
  take(carrier: Carrier, deltas: readonly Delta[]): void
}

/** Asks llm-stream's mapper for what the events mean, and the JSON for which bytes said it. */
export function createAnswer(find: Find): Answer {
  let mapper: LlmMapper | undefined
  let strangers = 0
  let size = 0

  function meaningOf({ type, data, where, parent }: Carrier): readonly LlmEvent[] {
    size += data.length
    if (mapper === undefined && strangers < MOST_STRANGERS) mapper = mapperFor(data)
    if (mapper === undefined) strangers++
    if (mapper === undefined || size > MAX_ANSWER_SIZE) return []
    const wasDone = mapper.done
    try {
      const events = mapper.map({ type, data, lastEventId: '' })
      if (mapper.done && !wasDone) find({ layer: 'llm', kind: 'done', summary: 'the end mark', ...where, parent })
      return events
    } catch (error) {
      if (!(error instanceof LlmError)) throw error
      if (error.code === 'LLM_PROTOCOL') return [] // a heartbeat in words, say: what else it is, is for others to tell
      find({ layer: 'llm', kind: 'failure', ...refusalOf(error), ...where, parent })
      mapper = undefined
      strangers = MOST_STRANGERS
      return []
    }
  }

  return {
    take(carrier, deltas) {
      const events = meaningOf(carrier)
      const said = events.map(textOf)
      for (const { path, text, collected } of deltas) {
        const summary = `${path} = "${printable(text)}"`
        find(deltaOf(summary, text, takeText(said, text)?.part, collected, carrier.parent))
      }
      for (const piece of said) if (piece) tellUnplaced(piece, carrier)
      for (const event of events) tell(event, carrier)
    },
  }

  /** Text that stands in no string we look for. */
  function tellUnplaced({ part, text }: Text, { where, parent }: Carrier): void {
    find(deltaOf(`${part} "${printable(text)}"`, text, part, where, parent))
  }

  function tell(event: LlmEvent, { where, parent }: Carrier): void {
    if (event.kind === 'stop') {
      find({ layer: 'llm', kind: 'stop', summary: printable(event.raw), ...where, parent })
    } else if (event.kind === 'usage') {
      const { inputTokens, outputTokens } = event.usage
      find({ layer: 'llm', kind: 'usage', summary: `${inputTokens} tokens in, ${outputTokens} out`, ...where, parent })
    }
  }
}

function deltaOf(summary: string, text: string, part: Finding['part'], { bytes, body }: Where, parent: Parent): Found {
  if (part === undefined) return { layer: 'llm', kind: 'delta', summary, text, bytes, body, parent }
  return { layer: 'llm', kind: 'delta', summary, text, part, bytes, body, parent }
}
