import { LlmError } from '../errors.ts'
import { createGrowingText, type GrowingText } from '../growing-text.ts'
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
  readonly block: JsonObject // as it began
  readonly grown: Map<string, GrowingText> // its members that come in pieces
  readonly citations: unknown[]
  readonly json: GrowingText // of its input
}

export function createTurnBlocks(): TurnBlocks {
  const blocks: Building[] = []
  const byNumber = new Map<unknown, Building>()

  return {
    open(at, block) {
      if (blocks.length === MAX_BLOCKS)
        throw new LlmError('LLM_PROTOCOL', `more than ${MAX_BLOCKS} blocks in a message`)
      const building = { block, grown: new Map(), citations: [], json: createGrowingText() }
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

/** The member that a delta's next characters belong to, which has the same name in both. */
const growing: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
])

function add(building: Building, delta: JsonObject): void {
  const { type } = delta
  const name = growing.get(type)
  if (name !== undefined) grow(building, name, delta)
  else if (type === 'input_json_delta') building.json.add(textOf(delta['partial_json']))
  else if (type === 'citations_delta') building.citations.push(delta['citation'])
}

function grow({ block, grown }: Building, name: string, delta: JsonObject): void {
  const text = grown.get(name) ?? createGrowingText(textOf(block[name]))
  grown.set(name, text)
  text.add(textOf(delta[name]))
}

/** What a message in our words cannot say. */
function isOpaque({ type }: JsonObject): boolean {
  return type !== 'text' && type !== 'tool_use'
}

function finished(building: Building): unknown {
  const block = wholeBlock(building)
  const json = building.json.text
  if (block['type'] === 'thinking' && textOf(block['signature']) === '') return undefined // nobody would take it back
  if (json === '') return 'input' in block || block['type'] !== 'tool_use' ? block : { ...block, input: {} }
  const input = parseJson(json)
  return input === undefined ? undefined : { ...block, input: objectOf(input) }
}

function wholeBlock({ block, grown, citations }: Building): JsonObject {
  const texts = Object.fromEntries([...grown].map(([name, text]) => [name, text.text]))
  const cited = { citations: [...listOf(block['citations']), ...citations] }
  return { ...block, ...texts, ...(citations.length > 0 && cited) }
}
