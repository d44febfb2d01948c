import type { LlmEvent, StopReason } from '../events.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../json.ts'
import type { LlmMapper } from '../provider.ts'
import { createBlocks } from './anthropic-blocks.ts'
import { createTurnBlocks } from './anthropic-turn.ts'
import { createUsageTotals } from './anthropic-usage.ts'
import { createJsonReader, type Place } from './repeated-json.ts'
import { readTyped } from './typed-event.ts'

const stopReasons: ReadonlyMap<string, StopReason> = new Map(
  Object.entries<StopReason>({
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool-calls',
    pause_turn: 'pause',
    refusal: 'refusal',
  }),
)

/** What comes in many small pieces. */
const pieces: readonly Place[] = [
  ['delta', 'text'],
  ['delta', 'thinking'],
  ['delta', 'partial_json'],
]

/** Events that open, fill and close numbered content blocks, up to `message_stop`. */
export function createAnthropicMapper(name: string): LlmMapper {
  const readJson = createJsonReader(pieces)
  const blocks = createBlocks()
  const turn = createTurnBlocks()
  const totals = createUsageTotals()
  let done = false

  function mapBody(type: string, body: JsonObject): LlmEvent[] {
    switch (type) {
      case 'message_start':
        return startOf(objectOf(body['message']))
      case 'content_block_start':
        return open(body['index'], objectOf(body['content_block']))
      case 'content_block_delta':
        return fill(body['index'], objectOf(body['delta']))
      case 'content_block_stop':
        return blocks.close(body['index'])
      case 'message_delta':
        return [...usageOf(body['usage']), ...stopOf(objectOf(body['delta']))]
      case 'message_stop':
        done = true
        return []
      case 'message': // a server that does not stream: everything at once
        if (!Array.isArray(body['content'])) return []
        done = true
        return [...startOf(body), ...listOf(body['content']).flatMap(wholeBlock), ...stopOf(body)]
      default: // ping, and whatever is invented next
        return []
    }
  }

  function startOf(message: JsonObject): LlmEvent[] {
    return [{ kind: 'start', id: textOf(message['id']), model: textOf(message['model']) }, ...usageOf(message['usage'])]
  }

  function wholeBlock(block: unknown, at: number): LlmEvent[] {
    return [...open(at, objectOf(block)), ...blocks.close(at)]
  }

  function open(at: unknown, block: JsonObject): LlmEvent[] {
    turn.open(at, block)
    return blocks.open(at, block)
  }

  function fill(at: unknown, delta: JsonObject): LlmEvent[] {
    turn.fill(at, delta)
    return blocks.fill(at, delta)
  }

  function stopOf(delta: JsonObject): LlmEvent[] {
    const raw = textOf(delta['stop_reason'])
    if (raw === '') return []
    const reason = stopReasons.get(raw)
    return [...turnOf(reason), { kind: 'stop', choice: 0, reason, raw }]
  }

  /** Only an answer that goes on needs its blocks again. */
  function turnOf(reason: StopReason | undefined): LlmEvent[] {
    const content = reason === 'tool-calls' || reason === 'pause' ? turn.content() : undefined
    return content ? [{ kind: 'turn', choice: 0, turn: { provider: name, content } }] : []
  }

  function usageOf(wire: unknown): LlmEvent[] {
    const usage = totals(wire)
    return usage ? [{ kind: 'usage', usage }] : []
  }

  return {
    map(event) {
      const typed = done ? undefined : readTyped(name, event, readJson)
      return typed ? mapBody(typed.type, typed.body) : []
    },
    get done() {
      return done
    },
    end: () => [],
  }
}
