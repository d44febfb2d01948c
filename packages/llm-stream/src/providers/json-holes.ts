import { objectOf } from '../json.ts'

/** The way to a value in JSON: names of members, numbers of elements. */
export type Place = readonly [string | number, ...(string | number)[]]

/** Where a value is in a text. */
export interface Hole {
  readonly from: number
  readonly to: number
  readonly place: Place
  /** Stands in for the value to see where it ends up. */
  readonly probe: string | number
}

const PROBE = 'between quotation marks'

/** `undefined`, if there is no string, or it is written in another way than ours. */
export function stringHole(text: string, json: unknown, place: Place): Hole | undefined {
  const string = at(json, place)
  if (typeof string !== 'string' || string === '' || string === PROBE) return undefined
  const literal = JSON.stringify(string)
  const from = text.indexOf(literal)
  if (from === -1) return undefined
  return { from: from + 1, to: from + literal.length - 1, place, probe: PROBE }
}

/** None, if there is no such number. Where it is not the first member of that name, the probe will tell. */
export function numberHole(text: string, json: unknown, place: Place, probe: number): readonly Hole[] {
  const number = at(json, place)
  if (!Number.isSafeInteger(number) || number === probe) return []
  const member = new RegExp(`"${place.at(-1)}"[ \\t\\r\\n]*:[ \\t\\r\\n]*(?=\\d)`).exec(text)
  if (!member) return []
  const from = member.index + member[0].length
  return [{ from, to: from + `${number}`.length, place, probe }]
}

export function at(json: unknown, place: readonly (string | number)[]): unknown {
  return place.reduce(
    (value: unknown, name) => (Array.isArray(value) ? value[name as number] : objectOf(value)[name]),
    json,
  )
}
