import { type Fault, IMITATIONS, imitationOf, parseFaults } from '../faults/index.ts'

/** Faults that can be changed while the traffic goes on. */
export interface FaultSwitch {
  /** What the next request will meet; the same list until it is set again. */
  readonly list: readonly Fault[]
  /** As it was typed. */
  readonly text: string
  /** @throws TypeError that says what is wrong with them; then they stay as they were */
  set(text: string): void
}

/** Takes faults, the name of an imitation, or nothing, for none. Parts are in the order in which they happen. */
export function createFaultSwitch(parts: readonly string[]): FaultSwitch {
  let list = parts.flatMap(faultsIn)
  let text = parts.join(',')
  return {
    get list() {
      return list
    },
    get text() {
      return text
    },
    set(next) {
      list = next.split(',').some(isImitation) ? next.split(',').flatMap(faultsIn) : [...faultsIn(next)]
      text = next
    },
  }
}

function isImitation(text: string): boolean {
  return IMITATIONS.some(({ name }) => name === text)
}

function faultsIn(text: string): readonly Fault[] {
  if (text === '') return []
  return isImitation(text) ? imitationOf(text) : parseFaults(text)
}
