import { LlmError } from '../errors.ts'
import { type JsonObject, listOf, objectOf, parseJson, textOf } from '../json.ts'

/** Content blocks one message may have: each costs us more than its bytes. */
export const MAX_BLOCKS = 4096

/** The blocks of a message, put together again to be handed back as they were: thinking only counts with its signature. */
export interface TurnBlocks {
  /** @throws LlmError `LLM_PROTOCOL` for one block more than `MAX_BLOCKS` */
  open(at: unknown, block: JsonObject): void
  fill(at: unknown, delta: JsonObject): void
  /** All blocks; `undefined` when text and calls say everything there is, or when a block is cut. */
  content(): readonly unknown[] | undefined
}

interface Building {
  readonly block: Record<string, unknown>
  json: string // of its input
}

export function createTurnBlocks(): TurnBlocks {
  const blocks: Building[] = []
  const byNumber = new Map<unknown, Building>()

  return {
    open(at, block) {
      if (blocks.length === MAX_BLOCKS)
        throw new LlmError('LLM_PROTOCOL', `more than ${MAX_BLOCKS} blocks in a message`)
      const building = { block: { ...block }, json: '' }
      blocks.push(building)
      byNumber.set(at, building)
    },
    fill(at, delta) {
      const building = byNumber.get(at)
      if (building) add(building, delta)
    },
    content() {
      if (!blocks.some(({ block }) => isOpaque(block))) return undefined
      const whole = blocks.map(finished)
      return whole.includes(undefined) ? undefined : whole
    },
  }
}

function add(building: Building, delta: JsonObject): void {
  const { block } = building
  switch (delta['type']) {
    case 'text_delta':
      block['text'] = textOf(block['text']) + textOf(delta['text'])
      return
    case 'thinking_delta':
      block['thinking'] = textOf(block['thinking']) + textOf(delta['thinking'])
      return
    case 'signature_delta':
      block['signature'] = textOf(block['signature']) + textOf(delta['signature'])
      return
    case 'input_json_delta':
      building.json += textOf(delta['partial_json'])
      return
    case 'citations_delta':
      block['citations'] = [...listOf(block['citations']), delta['citation']]
  }
}

/** What a message in our words cannot say. */
function isOpaque({ type }: JsonObject): boolean {
  return type !== 'text' && type !== 'tool_use'
}

function finished({ block, json }: Building): unknown {
  if (block['type'] === 'thinking' && textOf(block['signature']) === '') return undefined // nobody would take it back
  if (json === '') return 'input' in block || block['type'] !== 'tool_use' ? block : { ...block, input: {} }
  const input = parseJson(json)
  return input === undefined ? undefined : { ...block, input: objectOf(input) }
}
