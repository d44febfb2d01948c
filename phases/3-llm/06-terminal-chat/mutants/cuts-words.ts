import { clipped } from '@sse-from-scratch/llm-stream/terminal'
import type { Paint } from '../contract.ts'
import { paint as right } from '../solution.ts'

export const paint: Paint = (ui, cols) =>
  right(ui, 100_000)
    .split('\n')
    .flatMap((line) => rows(line, cols))
    .join('\n')

function rows(line: string, cols: number): string[] {
  const row = clipped(line, cols)
  return row === line ? [line] : [row, ...rows(line.slice(row.length), cols)]
}

export { step } from '../solution.ts'
