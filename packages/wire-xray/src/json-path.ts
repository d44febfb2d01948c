import type { Place } from './delta-paths.ts'

/** An object or array that is open, and where in it we are. */
export interface Container {
  readonly isArray: boolean
  /** Where it is; undefined where no text can be that we look for, and no keys are kept. */
  readonly place: Place | undefined
  key: string
  index: number
}

/** The way to the current value, such as `choices[0].delta.content`. */
export function pathOf(stack: readonly Container[]): string {
  return stack
    .map(({ isArray, key, index }) => (isArray ? `[${index}]` : `.${key}`))
    .join('')
    .slice(1)
}

/** Where the current value is. */
export function placeIn({ isArray, place, key }: Container): Place | undefined {
  return isArray ? place?.element : place?.members.get(key)
}
