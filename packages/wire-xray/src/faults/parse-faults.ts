import type { Fault, Place } from './fault.ts'
import { FAULT_WORDS } from './fault-words.ts'
import { nearestWord } from './nearest-word.ts'

/** Characters that faults may have. */
const LONGEST = 500

/**
 * Reads faults, such as `delay=20ms,cut=rst@event:3`. They happen in this order, the first next to the server.
 *
 * ```text
 * faults = fault *( "," fault )
 * fault  = name [ "=" value ] [ "@" place ]
 * place  = ( "event:" / "byte:" / "read:" ) 1*DIGIT
 * ```
 * `FAULT_WORDS` has the names. A place may stand in the value's place, as in `drop=event:5`.
 *
 * @throws TypeError that names what is wrong and what would be right
 */
export function parseFaults(text: string): readonly Fault[] {
  if (text.length > LONGEST) throw new TypeError(`faults have at most ${LONGEST} characters`)
  return text.split(',').map((part) => readFault(part.trim()))
}

function readFault(text: string): Fault {
  const [, name = '', value, place] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/s.exec(text) ?? []
  const word = FAULT_WORDS.find((each) => each.name === name)
  if (!word) throw new TypeError(unknown(name))
  const inValue = place === undefined && value !== undefined ? placeIn(value) : undefined
  try {
    if (inValue) return word.read(undefined, inValue)
    const isNowhere = place === undefined || (place === 'last' && word.isLast)
    return word.read(value, isNowhere ? undefined : readPlace(place))
  } catch (error) {
    const expected = error instanceof Error ? error.message : String(error)
    throw new TypeError(`the fault ${name}: expected ${expected}; it is written ${word.usage}`)
  }
}

function unknown(name: string): string {
  const quoted = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)
  const near = nearestWord(
    name,
    FAULT_WORDS.map((each) => each.name),
  )
  if (near !== undefined) return `there is no fault ${quoted}; did you mean ${near}?`
  return `there is no fault ${quoted}, but ${FAULT_WORDS.map((each) => each.name).join(', ')}`
}

function readPlace(text: string): Place {
  const place = placeIn(text)
  if (place) return place
  throw new TypeError('a place such as @event:3 (events count from 1) or @byte:500')
}

function placeIn(text: string): Place | undefined {
  const [, unit, digits] = /^(event|byte|read):(\d{1,15})$/.exec(text) ?? []
  const n = Number(digits)
  if (unit === 'byte' && n >= 0) return { unit, n }
  return (unit === 'event' || unit === 'read') && n >= 1 ? { unit, n } : undefined
}
