/**
 * Where the field lines of a section stand in its text: four offsets a line, of its name, and of its value without the
 * blanks around it. A head is then one string and one array of numbers, and nobody pays for a field that nobody asks
 * about: a browser's request has a dozen, and most handlers ask for none.
 */
export type FieldMarks = readonly number[]

const PER_LINE = 4

/** One bit of 32 for the names of this length that begin with this character, in either case. Others may share it. */
export function nameBit(length: number, first: number): number {
  return 1 << ((length + (first | 0x20)) & 31)
}

/** Of lines that are all `name: value` and CR LF, as we write them ourselves. */
export function marksOf(text: string): FieldMarks {
  const marks: number[] = []
  for (let start = 0; start < text.length; ) {
    const colon = text.indexOf(':', start)
    const end = text.indexOf('\r\n', colon)
    marks.push(start, colon, colon + 2, end)
    start = end + 2
  }
  return marks
}

/** How many lines there are. */
export function countLines(marks: FieldMarks): number {
  return marks.length / PER_LINE
}

/** The number of the next line called `name`, in any case, from number `from` on; -1 if there is none. */
export function findLine(text: string, marks: FieldMarks, name: string, from: number): number {
  for (let at = from * PER_LINE; at < marks.length; at += PER_LINE) {
    const start = marks[at] as number
    if ((marks[at + 1] as number) - start === name.length && standsAt(text, start, name)) return at / PER_LINE
  }
  return -1
}

/** Names are case-insensitive (RFC 9110 §5.1). Compared where they stand: to cut one out costs more than to find it. */
function standsAt(text: string, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const there = text.charCodeAt(start + i)
    const wanted = name.charCodeAt(i)
    if (there !== wanted && ((there ^ wanted) !== CASE || !isLetter(wanted))) return false
  }
  return true
}

/** What the two cases of a letter differ in. */
const CASE = 0x20

function isLetter(code: number): boolean {
  const lower = code | CASE
  return lower >= 0x61 && lower <= 0x7a
}

export function fieldName(text: string, marks: FieldMarks, line: number): string {
  return text.slice(marks[line * PER_LINE], marks[line * PER_LINE + 1])
}

export function fieldValue(text: string, marks: FieldMarks, line: number): string {
  return text.slice(marks[line * PER_LINE + 2], marks[line * PER_LINE + 3])
}
