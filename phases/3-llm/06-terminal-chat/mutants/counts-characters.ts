import type { Paint } from '../contract.ts'
import { paint as right } from '../solution.ts'

export const paint: Paint = (ui, cols) =>
  right(ui, 100_000)
    .split('\n')
    .flatMap((line) => wrap(line, cols))
    .join('\n')

function wrap(line: string, cols: number): string[] {
  const [first = '', ...words] = line.split(' ')
  const rows = pieces(first, cols)
  for (const word of words) {
    const row = `${rows.at(-1)} ${word}`
    if (row.length <= cols) rows[rows.length - 1] = row
    else rows.push(...pieces(word, cols))
  }
  return rows
}

function pieces(word: string, cols: number): string[] {
  return word.length <= cols ? [word] : [word.slice(0, cols), ...pieces(word.slice(cols), cols)]
}

export { step } from '../solution.ts'
