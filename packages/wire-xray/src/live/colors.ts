import type { RowLayer } from './rows.ts'

/** SGR parameters (ECMA-48 §8.3.117); they only repeat what the words say. */
const COLORS: Readonly<Record<RowLayer, number>> = {
  tcp: 2,
  http: 36,
  chunked: 33,
  sse: 32,
  llm: 35,
  body: 90,
  error: 31,
}

/** Puts a line into the colour of its layer. */
export function painted(layer: RowLayer, line: string): string {
  return `\u001b[${COLORS[layer]}m${line}\u001b[0m`
}

/** Leaves a line as it is. */
export function plain(_: RowLayer, line: string): string {
  return line
}
