import { HttpError } from './errors.ts'
import { FIELD_VALUE, TOKEN, trimWhitespace } from './grammar.ts'

/** One field line, as it was sent: the name in its own case, the value without whitespace around it (RFC 9112 §5). */
export type FieldLine = readonly [name: string, value: string]

/**
 * `field-line = field-name ":" OWS field-value OWS` (RFC 9112 §5).
 *
 * Throws `HTTP_BAD_FIELD`, also for a blank before the colon (§5.1) and for a folded line (§5.2): both have been used to
 * make two recipients read two different messages.
 */
export function parseFieldLine(line: string): FieldLine {
  const colon = line.indexOf(':')
  if (colon === -1) throw badField('a field line without a colon')
  const name = line.slice(0, colon)
  if (!TOKEN.test(name)) throw badField('a field name that is not a token')
  const value = trimWhitespace(line.slice(colon + 1))
  if (!FIELD_VALUE.test(value)) throw badField(`a control character in the field ${name}`)
  return [name, value]
}

function badField(why: string): HttpError {
  return new HttpError('HTTP_BAD_FIELD', why)
}
