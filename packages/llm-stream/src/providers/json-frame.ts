import { parseJson } from '../json.ts'
import { isDigit, stringIn, wholeNumber } from './hole-values.ts'
import { at, numberHole, type Place, stringHole } from './json-holes.ts'

/** A JSON text with a hole in it for a string, and perhaps some for whole numbers. */
export interface Frame {
  /** The same JSON whatever the holes were filled with last. */
  readonly json: unknown
  /** Fills the holes from a text that is the same otherwise. False if it is not, or if that takes a parser to say. */
  fill(text: string): boolean
}

/** Where a value goes: at `holder[name]`. */
interface Slot {
  readonly holder: Record<string | number, unknown>
  readonly name: string | number
}

/** Probes for numbers are this one and those behind it. */
const NUMBER_PROBE = 90210000

/**
 * Cuts a text open where its string and its numbers are; `undefined` where that cannot be done safely.
 *
 * It is exact: other values have been tried in all holes together, and went where `place` says. So whatever is a valid
 * string or a whole number there goes there, too, and leaves all else as it was.
 */
export function createFrame(text: string, json: unknown, place: Place, numbers: readonly Place[]): Frame | undefined {
  const string = stringHole(text, json, place)
  if (!string) return undefined
  const holes = [string, ...numbers.flatMap((number, nth) => numberHole(text, json, number, NUMBER_PROBE + nth))]
  holes.sort((a, b) => a.from - b.from)
  const pieces = [0, ...holes.map(({ to }) => to)].map((start, nth) => text.slice(start, holes[nth]?.from))
  const probed = parseJson(pieces.map((piece, nth) => piece + (holes[nth]?.probe ?? '')).join(''))
  if (holes.some(({ place, probe }) => at(probed, place) !== probe)) return undefined
  const slots = holes.map(({ place }) => ({
    holder: at(probed, place.slice(0, -1)) as Slot['holder'],
    name: place.at(-1) as string | number,
  }))
  return frameOf(probed, pieces, slots, holes.indexOf(string))
}

/** Numbers before the string are read forward and those behind it backward: what is left in between is the string. */
function frameOf(json: unknown, pieces: readonly string[], slots: readonly Slot[], middle: number): Frame {
  let from = 0
  let to = 0

  function numberBefore(text: string, nth: number): boolean {
    const start = from
    while (isDigit(text.charCodeAt(from))) from++
    return put(nth, wholeNumber(text, start, from))
  }

  function numberBehind(text: string, nth: number): boolean {
    const end = to
    while (isDigit(text.charCodeAt(to - 1))) to--
    return put(nth, wholeNumber(text, to, end))
  }

  function put(nth: number, value: unknown): boolean {
    if (value === undefined) return false
    const { holder, name } = slots[nth] as Slot
    holder[name] = value
    return true
  }

  // `slice` and `===`: in Node 20 `startsWith` and `endsWith` cost as much as `JSON.parse`, ten times of this.
  function leaveBefore(text: string, piece: string): boolean {
    const start = from
    from += piece.length
    return text.slice(start, from) === piece
  }

  function leaveBehind(text: string, piece: string): boolean {
    const end = to
    to -= piece.length
    return to >= from && text.slice(to, end) === piece
  }

  return {
    json,
    fill(text) {
      from = 0
      to = text.length
      for (let nth = 0; nth < middle; nth++) {
        if (!leaveBefore(text, pieces[nth] as string) || !numberBefore(text, nth)) return false
      }
      if (!leaveBefore(text, pieces[middle] as string)) return false
      for (let nth = slots.length; nth > middle + 1; nth--) {
        if (!leaveBehind(text, pieces[nth] as string) || !numberBehind(text, nth - 1)) return false
      }
      return leaveBehind(text, pieces[middle + 1] as string) && put(middle, stringIn(text.slice(from, to)))
    },
  }
}
