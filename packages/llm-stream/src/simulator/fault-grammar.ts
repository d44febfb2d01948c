import type { FaultSpec, Place } from './fault-spec.ts'
import { FAULT_WORDS } from './fault-words.ts'

/** Characters a specification may have. */
const LONGEST = 500

/**
 * Reads a specification of faults, such as `cut=utf8@3` or `status=overloaded,retry-after=2s,times=1`.
 *
 * ```text
 * specification = fault *( "," fault )
 * fault         = name [ "=" value ] [ "@" place ]
 * place         = [ "event:" | "byte:" ] 1*DIGIT       an event, unless it says byte
 * ```
 * `FAULT_WORDS` has the names. A cut that has no place is where the stall is, if there is one: `stall-after=3,cut=utf8`.
 *
 * @throws TypeError that names what is wrong and what would be right
 */
export function parseFaults(text: string): FaultSpec {
  if (text.length > LONGEST) throw new TypeError(`a specification of faults has at most ${LONGEST} characters`)
  const seen = new Set<string>()
  let spec: FaultSpec = {}
  for (const part of text.split(',')) {
    const [, name = '', value, placeText] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/s.exec(part.trim()) ?? []
    if (seen.has(name)) throw new TypeError(`the fault ${name} is there twice`)
    seen.add(name)
    spec = { ...spec, ...read(name, value, placeText) }
  }
  return checked(spec, /(?:^|,)\s*cut=[^,@]*(?:,|$)/.test(text))
}

function read(name: string, value: string | undefined, placeText: string | undefined): FaultSpec {
  const word = FAULT_WORDS.find((each) => each.name === name)
  if (!word) {
    const all = FAULT_WORDS.map((each) => each.name).join(', ')
    throw new TypeError(`there is no fault ${quoted(name)}, but ${all}`)
  }
  try {
    return word.read(value, placeText === undefined ? undefined : readPlace(placeText))
  } catch (error) {
    const expected = error instanceof TypeError ? error.message : String(error)
    throw new TypeError(`the fault ${name} is written ${word.usage}; expected: ${expected}`)
  }
}

function readPlace(text: string): Place {
  const [, unit = 'event', digits] = /^(?:(event|byte):)?(\d{1,15})$/.exec(text) ?? []
  const n = Number(digits)
  if (unit === 'byte' && n >= 0) return { unit, n }
  if (unit === 'event' && n >= 1) return { unit, n }
  throw new TypeError('a place such as @3, @event:3 (events count from 1) or @byte:500')
}

/** What two faults make of each other. */
function checked(spec: FaultSpec, cutAnywhere: boolean): FaultSpec {
  const { cut, stall } = spec
  const chunked = spec.framing === undefined
  if (!chunked && (spec.corrupt || spec.sizeOff || spec.noLastChunk || cut?.inside === 'chunk-size')) {
    throw new TypeError('a body that is not chunked has no chunk to go wrong: leave out framing, length and http10')
  }
  if (spec.gzip && (spec.framing === 'length' || cut?.inside === 'utf8' || cut?.inside === 'json')) {
    throw new TypeError('of a compressed stream nobody knows the length, nor where a character or a string is')
  }
  if (!(cut && stall && cutAnywhere)) return spec
  if (cut.inside && stall.at.unit === 'byte') throw new TypeError(`${cut.inside} is looked for from an event on`)
  return { ...spec, cut: { ...cut, at: stall.at } }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
