import type { Fault, Place } from './fault.ts'

/** One word of the language of faults. */
export interface FaultWord {
  readonly name: string
  /** As it is written, for help texts. Its name is what it begins with. */
  readonly usage: string
  readonly meaning: string
  /** Whether it is where the end is, so that `@last` may be said of it. */
  readonly isLast?: boolean
  /** @throws TypeError that says what would have been right */
  readonly read: (value: string | undefined, place: Place | undefined) => Fault
}

/** A fault that is not at a place. */
export function word(usage: string, meaning: string, read: (value: string | undefined) => Fault): FaultWord {
  return named(usage, meaning, (value, place) => {
    if (place) throw new TypeError('no place (@)')
    return read(value)
  })
}

/** A fault at a place, of one of these units. */
export function placed(
  usage: string,
  meaning: string,
  units: readonly Place['unit'][],
  read: (value: string | undefined, at: Place) => Fault,
): FaultWord {
  return named(usage, meaning, (value, place) => {
    if (place && units.includes(place.unit)) return read(value, place)
    throw new TypeError(`a place, such as ${units.map((unit) => `@${unit}:${unit === 'byte' ? 500 : 3}`).join(' or ')}`)
  })
}

/** A fault that is there or not. */
export function flag(usage: string, meaning: string, fault: Fault): FaultWord {
  return word(usage, meaning, (value) => {
    if (value !== undefined) throw new TypeError('no value (=)')
    return fault
  })
}

function named(usage: string, meaning: string, read: FaultWord['read']): FaultWord {
  const [name = ''] = /^[a-z0-9-]+/.exec(usage) ?? []
  return { name, usage, meaning, read }
}
