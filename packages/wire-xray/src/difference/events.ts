import type { Difference, Explanation, Version } from './difference.ts'
import { glyph } from './glyph.ts'

/** What goes wrong in an event stream (HTML §9.2). */
export const EVENTS: readonly Explanation[] = [
  (difference) =>
    isEvents(difference) && sortedLines(difference.expected) === sortedLines(difference.got) ? inOtherOrder : undefined,

  ({ wanted, instead, at, got }) => {
    if (wanted?.layer !== 'sse' && wanted?.layer !== 'llm') return undefined
    const atBlank = wanted.element === 'blank-line' && !/^[\r\n]/.test(instead)
    const behind = got.text.slice(0, at)
    if (instead === '' && !atBlank && /[^\r\n]$/.test(behind)) {
      return 'It stops inside an event. Whoever reads it drops what it has when the stream ends: the event is never dispatched (HTML §9.2.6).'
    }
    if (instead === '' && (atBlank || /[^\r\n]\r?\n$/.test(behind))) {
      return 'No blank line: the event is never dispatched. Whoever reads it drops what it has when the stream ends (HTML §9.2.6).'
    }
    if (!atBlank) return undefined
    if (/^[ \t]/.test(instead))
      return 'A line with a space on it is not blank: it is a field of no known name, and the event goes on.'
    return 'No blank line between the events: both are read as one, with the data of both.'
  },

  ({ wanted, instead, missing }) =>
    wanted?.layer === 'sse' && /^[\r\n]/.test(instead) && wanted.element === 'field-name' && /^\w|^:/.test(missing)
      ? 'A blank line comes too early: it dispatches what there is, and the rest becomes another event.'
      : undefined,

  ({ wanted, missing, instead, got, at }) => {
    if (wanted?.layer !== 'sse' || wanted.element !== 'field-name') return undefined
    if (missing.startsWith(' ') && got.text[at - 1] === ':')
      return 'The space behind the colon is optional: one is taken off if it is there (HTML §9.2.6). It means the same; but it is not what was asked for.'
    if (missing.startsWith(':') && /^[ \t]+:/.test(instead))
      return 'A space before the colon belongs to the name: `data ` is not `data`, and the line is ignored.'
    if (missing.startsWith(':'))
      return `No colon behind the field name: ${glyph(instead)} is taken for a part of it, and the line is ignored.`
    return nameInWords(lineAt(got, wanted.start))
  },

  ({ wanted, instead, missing, at, got }) =>
    isValue(wanted) && instead.startsWith(' ') && !missing.startsWith(' ') && /: $/.test(got.text.slice(0, at))
      ? 'Two spaces behind the colon: one is taken off, the other is part of the value.'
      : undefined,

  ({ wanted, instead, expected }) => {
    if (!isValue(wanted) || !/^\r?\n/.test(instead)) return undefined
    if (/^\r?\n\r?\n/.test(instead)) return undefined
    const rest = lineAt({ text: instead.replace(/^\r?\n/, '') } as Version, 0)
    if (rest === '' || /^(data|event|id|retry)\b|^:/.test(rest)) return undefined
    const isJson = wanted.layer === 'llm' || /^\s*[{[]/.test(expected.text.slice(wanted.start))
    return isJson
      ? 'A line feed inside the JSON: the line ends here, and what follows is no field. Write JSON on one line, or `data: ` before each.'
      : 'A line feed inside the value: the line ends here, and what follows is no field. Each line of data needs its own `data: `.'
  },

  ({ wanted, expected, got }) => {
    if (!isValue(wanted)) return undefined
    const start = expected.text.lastIndexOf('\n', wanted.start) + 1
    const name = /^[^:\r\n]*/.exec(expected.text.slice(start))?.[0] ?? ''
    const value = lineAt(got, start).replace(/^[^:]*: ?/, '')
    if (name === 'retry' && !/^\d+$/.test(value))
      return 'retry takes milliseconds in digits, and nothing else: any other value is ignored (HTML §9.2.6).'
    if (name === 'id' && value.includes('\0')) return 'An id with a NUL in it is ignored (HTML §9.2.6).'
    if (name === 'event') return 'The event has another type: listeners of the type that was asked for do not hear it.'
    if (name === 'id') return 'The event has another id, and a client would resume from there.'
    return undefined
  },
]

const inOtherOrder = 'The same fields in another order, which means the same event; but the bytes are others.'

function isEvents({ as, wanted }: Difference): boolean {
  return as === 'event-stream' || wanted?.layer === 'sse'
}

function isValue(wanted: Difference['wanted']): wanted is NonNullable<Difference['wanted']> {
  return (
    wanted !== undefined && ((wanted.layer === 'sse' && wanted.element === 'field-value') || wanted.layer === 'llm')
  )
}

/** The lines of each event, in alphabetical order. */
function sortedLines({ text }: Version): string {
  return text
    .split(/\n\n/)
    .map((event) => event.split('\n').sort().join('\n'))
    .join('\n\n')
}

function lineAt({ text }: Version, start: number): string {
  return /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? ''
}

function nameInWords(line: string): string | undefined {
  const name = /^[^:]*/.exec(line)?.[0] ?? ''
  if (line === '') return undefined
  if (line.startsWith(':')) return 'A line that begins with a colon is a comment: nobody hears it.'
  if (/^\s/.test(name) && /^\s*(data|event|id|retry)$/.test(name))
    return 'A field name begins the line: with a space in front it is another name, and the line is ignored.'
  if (/^(data|event|id|retry)$/i.test(name) && !/^(data|event|id|retry)$/.test(name))
    return `Field names of an event stream have case: ${name} is none, and the line is ignored (HTML §9.2.6).`
  if (/^(data|event|id|retry)$/.test(name)) return `Another field than expected: ${name}.`
  if (!line.includes(':') || /^[{["]/.test(line))
    return 'Each line of data needs its own `data: `: this line is ignored.'
  return `An event stream has the fields data, event, id and retry: ${glyphs(name)} is none, and the line is ignored.`
}

function glyphs(name: string): string {
  return `\`${name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 20)}\``
}
