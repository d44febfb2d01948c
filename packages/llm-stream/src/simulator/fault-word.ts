import type { FaultSpec, Place } from './fault-spec.ts'

/** One word of the grammar. */
export interface FaultWord {
  readonly name: string
  /** As it is written, for help texts. */
  readonly usage: string
  readonly meaning: string
  /** @throws TypeError that says what would have been right */
  readonly read: (value: string | undefined, place: Place | undefined) => FaultSpec
}

/** A fault at an event or a byte. Its name is what its usage begins with. */
export function anywhere(usage: string, meaning: string, read: FaultWord['read']): FaultWord {
  const [name = ''] = /^[a-z0-9-]+/.exec(usage) ?? []
  return { name, usage, meaning, read }
}

/** A fault at an event; where it does not say at which, at the event `otherwise`. */
export function placed(
  usage: string,
  meaning: string,
  otherwise: Place,
  read: (value: string | undefined, at: Place) => FaultSpec,
): FaultWord {
  return anywhere(usage, meaning, (value, place = otherwise) => {
    if (place.unit !== 'event') throw new TypeError('it is at an event, not at a byte')
    return read(value, place)
  })
}

/** A fault that is not at a place. */
export function word(usage: string, meaning: string, read: (value: string | undefined) => FaultSpec): FaultWord {
  return anywhere(usage, meaning, (value, place) => {
    if (place) throw new TypeError('it has no place (@)')
    return read(value)
  })
}

/** A fault that is there or not. */
export function flag(usage: string, meaning: string, spec: FaultSpec): FaultWord {
  return word(usage, meaning, (value) => {
    if (value !== undefined) throw new TypeError('it has no value (=)')
    return spec
  })
}
