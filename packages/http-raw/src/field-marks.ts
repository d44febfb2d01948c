/**
 * Where the field lines of a section stand in its text. A head is then one string and one array of numbers, and nobody
 * pays for a field that nobody asks about: a browser's request has a dozen, and most handlers ask for none.
 */
export interface FieldMarks {
  /** Four offsets a line: of its name, and of its value without the blanks around it. */
  readonly offsets: number[]
  /** A {@link nameBit} for each name: most questions are about fields that are absent, and end here. */
  names: number
}

const PER_LINE = 4

export function createFieldMarks(): FieldMarks {
  return { offsets: [], names: 0 }
}

/** One bit of 32 for the names of this length that begin with this character, in either case. Others may share it. */
export function nameBit(length: number, first: number): number {
  return 1 << ((length + (first | 0x20)) & 31)
}

/** How many lines there are. */
export function countLines({ offsets }: FieldMarks): number {
  return offsets.length / PER_LINE
}

/** The number of the next line called `name`, in any case, from number `from` on; -1 if there is none. */
export function findLine(text: string, { offsets, names }: FieldMarks, name: string, from: number): number {
  if ((names & nameBit(name.length, name.charCodeAt(0))) === 0) return -1
  const wanted = name.toLowerCase() // names are case-insensitive (RFC 9110 §5.1)
  for (let at = from * PER_LINE; at < offsets.length; at += PER_LINE) {
    const start = offsets[at] as number
    const end = offsets[at + 1] as number
    if (end - start === name.length && text.slice(start, end).toLowerCase() === wanted) return at / PER_LINE
  }
  return -1
}

export function fieldName(text: string, { offsets }: FieldMarks, line: number): string {
  return text.slice(offsets[line * PER_LINE], offsets[line * PER_LINE + 1])
}

export function fieldValue(text: string, { offsets }: FieldMarks, line: number): string {
  return text.slice(offsets[line * PER_LINE + 2], offsets[line * PER_LINE + 3])
}
