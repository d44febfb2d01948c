/** What has to come next, between two scalars (RFC 8259 §2, §4, §5). */
export type JsonPlace = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'name-separator' | 'after-value'

/** What a character begins or ends there. A scalar is a literal, a number, or nothing that can be there. */
export type JsonStep =
  | 'begin-array'
  | 'begin-object'
  | 'end'
  | 'begin-name'
  | 'begin-string'
  | 'begin-scalar'
  | 'name-separator'
  | 'value-separator'

/** What this character means, `undefined` if it cannot be there. `inside` is the innermost open container. */
export function stepAt(
  place: JsonPlace,
  character: string,
  inside: 'array' | 'object' | undefined,
): JsonStep | undefined {
  switch (place) {
    case 'value-or-end':
      return character === ']' ? 'end' : beginning(character)
    case 'value':
      return beginning(character)
    case 'name-or-end':
    case 'name':
      if (character === '}' && place === 'name-or-end') return 'end'
      return character === '"' ? 'begin-name' : undefined
    case 'name-separator':
      return character === ':' ? 'name-separator' : undefined
    case 'after-value':
      if (inside === undefined) return undefined
      if (character === ',') return 'value-separator'
      return character === (inside === 'array' ? ']' : '}') ? 'end' : undefined
  }
}

function beginning(character: string): JsonStep {
  if (character === '[') return 'begin-array'
  if (character === '{') return 'begin-object'
  return character === '"' ? 'begin-string' : 'begin-scalar'
}

/** Whether a character is insignificant whitespace. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
