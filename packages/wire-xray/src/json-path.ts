import type { JsonPlace, KeyByte } from './delta-paths.ts'

/** An object or array that is open, and where in it we are. */
export interface Container {
  readonly isArray: boolean
  /** Where it is; undefined where no text can be that we look for. */
  readonly place: JsonPlace | undefined
  /** The name of the current member, as far as it is one we look for. */
  key: KeyByte | undefined
  index: number
}

/** The way to the current value, such as `choices[0].delta.content`. */
export function pathOf(stack: readonly Container[]): string {
  let path = ''
  for (const { isArray, key, index } of stack) path += isArray ? `[${index}]` : `.${key?.name}`
  return path.slice(1)
}

/** Where the current value is. */
export function placeIn({ isArray, place, key }: Container): JsonPlace | undefined {
  return isArray ? place?.element : key?.place
}
