import { objectOf, parseJson, textOf } from '../json.ts'
import { pathTo } from './json-path.ts'
import { textOfWire, type Wire, type WireEvent } from './wire.ts'

/** Stands where there is nothing to tell. */
export const NONE = '–'

/** The field lines of the last head that went this way. */
function fields(wire: Wire, direction: 'up' | 'down'): readonly (readonly [name: string, value: string])[] {
  const head = textOfWire(wire, direction).split('\r\n\r\n', 1)[0] ?? ''
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
}

export function field(wire: Wire, direction: 'up' | 'down', name: RegExp): string {
  const found = fields(wire, direction).find((line) => name.test(line[0]))
  return found ? `${found[0]}: ${found[1].replace(/\*[* ]{3,}/, '****')}` : NONE
}

export function value(wire: Wire, direction: 'up' | 'down', name: RegExp): string {
  return fields(wire, direction).find((line) => name.test(line[0]))?.[1] ?? NONE
}

export function bodyOf(wire: Wire): Readonly<Record<string, unknown>> {
  const text = textOfWire(wire, 'up')
  return objectOf(parseJson(text.slice(text.indexOf('\r\n\r\n') + 4)))
}

export function names(wire: Wire, nameOf: (event: WireEvent) => string | undefined): string {
  return [...new Set(wire.events.flatMap((event) => nameOf(event) ?? []))].join(', ') || NONE
}

/** What the first event answers that has an answer. */
export function first(wire: Wire, answer: (event: WireEvent) => string | undefined): string {
  for (const event of wire.events) {
    const found = answer(event)
    if (found !== undefined) return found
  }
  return NONE
}

export function pathOfKind({ data, events }: WireEvent, kind: 'text' | 'reasoning'): string | undefined {
  const event = events.find((each) => each.kind === kind)
  return event?.kind === kind ? pathTo(data, event.text) : undefined
}

export function stopPath({ data, events }: WireEvent): string | undefined {
  const stop = events.find((event) => event.kind === 'stop')
  return stop?.kind === 'stop' ? pathTo(data, stop.raw) : undefined
}

export function numbers(wire: Wire, holds: (event: WireEvent) => boolean): string {
  const found = wire.events.flatMap((event, i) => (holds(event) ? [i + 1] : []))
  if (found.length === 0) return NONE
  if (found.length > 3) return `${found.length} events of ${wire.events.length}`
  return `${found.length === 1 ? 'event' : 'events'} ${found.join(' and ')} of ${wire.events.length}`
}

/** The last event, as far as it can be said in a word. */
export function lastWord({ events }: Wire): string {
  const last = events.at(-1)
  if (!last) return NONE
  const json = parseJson(last.data)
  if (json === undefined) return last.data.slice(0, 40)
  return textOf(objectOf(json)['type']) || 'the end of the body'
}
