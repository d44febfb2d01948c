import { parseJson } from '../json.ts'
import { createFrame, type Frame } from './json-frame.ts'
import type { Place } from './json-holes.ts'

export type { Place } from './json-holes.ts'

/** How many texts may be learned in a row without one that is like them: some servers change more than that each time. */
const MAX_USELESS = 8

/**
 * Does what `parseJson` does, but of text after text that differ in one string alone, as tokens do, it only cuts that
 * string out; and so with counts beside it, if their places are in `numbers`. It is a shortcut: with `parseJson` in its
 * place, all is the same but slower.
 *
 * The value is valid until the next call, which may put other values into it: nothing above them may be kept.
 *
 * `npm run bench:llm -- --only openai`: streams of tokens cost half of what they cost with `parseJson`.
 */
export function createJsonReader(places: readonly Place[], numbers: readonly Place[] = []): (text: string) => unknown {
  let known: Frame | undefined
  let useless = 0

  function learn(text: string, json: unknown): void {
    for (const place of places) {
      const frame = createFrame(text, json, place, numbers)
      if (!frame) continue
      known = frame
      useless++
      return
    }
  }

  return (text) => {
    if (known?.fill(text)) {
      useless = 0
      return known.json
    }
    const json = parseJson(text)
    if (useless < MAX_USELESS) learn(text, json)
    return json
  }
}
