import { textWidth } from '@sse-from-scratch/llm-stream/terminal'
import type { Paint } from '../contract.ts'
import { paint as right } from '../solution.ts'

export const paint: Paint = (ui, cols) => {
  const rows = right(ui, 100_000).split('\n')
  return rows.flatMap((row) => wrap(row, cols)).join('\n')
}

function wrap(line: string, cols: number): string[] {
  const [first = '', ...words] = line.split(' ')
  const rows = [first]
  for (const word of words) {
    const row = `${rows.at(-1)} ${word}`
    if (textWidth(row) <= cols) rows[rows.length - 1] = row
    else rows.push(word)
  }
  return rows
}

export { step } from '../solution.ts'
