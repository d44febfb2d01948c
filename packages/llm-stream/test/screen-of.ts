const ESC = '\u001b'
/** A sequence (its number, its letters), or one character. */
const PART = new RegExp(`${ESC}(\\[?)(\\d*)([A-Za-z]?)|.`, 'gsu')

interface Cursor {
  readonly x: number
  readonly y: number
}

/** What a terminal shows after it was sent these sequences: the few that we use, and an error for any other. */
export function screenOf(sent: string, columns: number, rows: number): readonly string[] {
  const lines: string[][] = Array.from({ length: rows }, () => [])
  let cursor: Cursor = { x: 0, y: 0 }
  let saved = cursor

  function down(): void {
    if (cursor.y < rows - 1) cursor = { ...cursor, y: cursor.y + 1 }
    else lines.splice(0, lines.length, ...lines.slice(1), [])
  }

  function eraseBelow(): void {
    lines[cursor.y]?.splice(cursor.x)
    for (const line of lines.slice(cursor.y + 1)) line.splice(0)
  }

  function write(character: string): void {
    const { x, y } = cursor
    if (x >= columns) throw new Error(`something is wider than ${columns} columns`)
    const line = lines[y] ?? []
    while (line.length < x) line.push(' ')
    line[x] = character
    cursor = { x: x + 1, y }
  }

  function obey(sequence: string, n: number): void {
    const { x, y } = cursor
    if (sequence === '[A') cursor = { x, y: Math.max(0, y - n) }
    else if (sequence === '[B') cursor = { x, y: Math.min(rows - 1, y + n) }
    else if (sequence === '[K') lines[y]?.splice(0)
    else if (sequence === '[J') eraseBelow()
    else if (sequence === 'D') down()
    else if (sequence === '7') saved = cursor
    else if (sequence === '8') cursor = saved
    else if (sequence !== '[m') throw new Error(`what is ${sequence}?`)
  }

  for (const [part, bracket = '', digits = '', letter = ''] of sent.matchAll(PART)) {
    if (part === '\n') {
      down()
      cursor = { ...cursor, x: 0 }
    } else if (part === '\r') cursor = { ...cursor, x: 0 }
    else if (part.startsWith(ESC)) obey(bracket === '' ? digits + letter : bracket + letter, Number(digits || 1))
    else write(part)
  }
  return lines.map((line) => line.join('').trimEnd())
}
