import type { Part } from './generate.ts'
import { type Happening, KINDS } from './response-item-kinds.ts'
import type { Answer } from './wire-format.ts'

/** The items of a response that is over. */
export function itemsOf(answer: Answer): readonly object[] {
  return partsOf(answer).map((part, i) => KINDS[part.kind].item(part, idOf(answer, part, i), true))
}

/** The events that make them. */
export function* happeningsIn(answer: Answer): Iterable<Happening> {
  for (const [index, part] of partsOf(answer).entries()) {
    const kind = KINDS[part.kind]
    const id = idOf(answer, part, index)
    yield { type: 'response.output_item.added', body: { output_index: index, item: kind.item(part, id, false) } }
    yield* kind.fill(part, { item_id: id, output_index: index })
    yield { type: 'response.output_item.done', body: { output_index: index, item: kind.item(part, id, true) } }
  }
}

/** An item's own id; for a call not the one to answer with. */
function idOf({ id }: Answer, part: Part, index: number): string {
  return `${KINDS[part.kind].prefix}_${id.slice('resp_'.length)}${index}`
}

function partsOf({ choices }: Answer): readonly Part[] {
  return choices[0]?.parts ?? []
}
