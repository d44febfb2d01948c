import type { FaultSpec, Place } from './fault-spec.ts'

/** Whether anything is wrong with the bytes, below the events. */
export function hasByteFaults(spec: FaultSpec): boolean {
  return BYTE_FAULTS.some((name) => spec[name] !== undefined)
}

/** The same for a body that is one event: what is at a later one is at this. */
export function inOneEvent(spec: FaultSpec): FaultSpec {
  const here = <At extends { readonly at: Place }>(fault: At | undefined) => fault && { ...fault, at: first(fault.at) }
  const { cut, stall, corrupt, sizeOff, halfOpen, ...rest } = spec
  const places = { cut: here(cut), stall: here(stall), corrupt: here(corrupt), sizeOff: here(sizeOff) }
  const given = Object.entries({ ...places, halfOpen: halfOpen && first(halfOpen) }).filter(([, value]) => value)
  return { ...rest, ...Object.fromEntries(given) }
}

function first(place: Place): Place {
  return place.unit === 'event' ? { ...place, n: 1 } : place
}

const BYTE_FAULTS = [
  'cut',
  'stall',
  'halfOpen',
  'split',
  'splitHead',
  'drip',
  'corrupt',
  'sizeOff',
  'noLastChunk',
  'framing',
  'http10',
] as const
