import { textWidth } from '../terminal/clipped.ts'
import { wrapText } from '../terminal/columns.ts'

/** Cells that what is explained gets at least: a line with less room for it begins anew at its indent. */
const LEAST = 24

/** A text in lines no wider than this. In a list of two columns, what goes on below stands under the second one. */
export function laidOut(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (textWidth(line) <= columns ? [line] : wrapLine(line, columns)))
    .join('\n')
}

function wrapLine(line: string, columns: number): readonly string[] {
  const indent = (/^ */.exec(line) as RegExpExecArray)[0]
  const entry = /^ +\S.*? {2,}(?=\S)/.exec(line)?.[0] ?? indent
  const lead = columns - textWidth(entry) < LEAST ? indent : entry
  const below = ' '.repeat(textWidth(lead))
  return wrapText(line.slice(lead.length), columns - below.length).map((part, at) => (at === 0 ? lead : below) + part)
}
