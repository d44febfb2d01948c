import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, ROOT } from './tree.ts'

/** One row of a table: its cells by the heading of their column. */
export type Row = Readonly<Record<string, string>>

/** Every table of a Markdown text, row by row. */
export function rowsIn(markdown: string): Row[] {
  const rows: Row[] = []
  let heading: string[] | undefined
  for (const line of markdown.split('\n')) {
    const cells = line.startsWith('|') ? cellsOf(line) : undefined
    if (cells === undefined) heading = undefined
    else if (heading === undefined) heading = cells
    else if (!/^:?-+:?$/.test(cells[0] ?? ''))
      rows.push(Object.fromEntries(heading.map((name, i) => [name, cells[i] ?? ''])))
  }
  return rows
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

/** What stands in backticks, in its order. */
export function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2 }

/** The values a text speaks of: `10,000`, `8 KiB`, `true`, `127.0.0.1`, and "none", which is no limit at all. */
export function valuesIn(text: string): (number | string)[] {
  const pattern = /\d+(?:\.\d+){3}|(\d{1,3}(?:,\d{3})+|\d+)(?: (KiB|MiB))?|\b(?:true|false|none|[Uu]nlimited)\b/g
  return [...text.matchAll(pattern)].map(([whole, number, unit = '']) => {
    if (number !== undefined) return Number(number.replaceAll(',', '')) * (UNITS[unit] ?? 1)
    return /^unlimited$/i.test(whole) ? 'none' : whole
  })
}

/** What a package's source does when an option is not given, and what the option's doc comment says about that. */
export interface DefaultInSource {
  readonly name: string
  readonly file: string
  readonly value: number | string
}

// `{ port = 0, host = '127.0.0.1' } = options`, `options.connectTimeout ?? 10_000`, `(maxLength = 8192)`, and
// `headSize: 16 * KIB,` in DEFAULT_LIMITS.
const DESTRUCTURED = /[{,(] ?(\w+)(?:: number)? = ([\w.'* ]+?)(?= ?[,})])/g
const COALESCED = /\boptions\.(\w+) \?\? ([\d_]+)/g
const LIMITS = /DEFAULT_LIMITS: Limits = \{([^}]*)\}/
const LIMIT = /(\w+): ([^,\n]+),/g
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\?:/g

export function defaultsIn(folder: string): DefaultInSource[] {
  return filesBelow(`${folder}/src`, '.ts').flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const matches = [
      ...text.matchAll(DESTRUCTURED),
      ...text.matchAll(COALESCED),
      ...(LIMITS.exec(text)?.[1] ?? '').matchAll(LIMIT),
    ]
    return matches.flatMap(([, name = '', expression = '']) => {
      const value = evaluate(expression.trim())
      return value === undefined ? [] : [{ name, file, value }]
    })
  })
}

/** "Default 10,000." in the doc comments of options. */
export function documentedDefaultsIn(folder: string): DefaultInSource[] {
  return filesBelow(`${folder}/src`, '.ts').flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(DOCUMENTED)].flatMap(([, doc = '', name = '']) => {
      const [, said = ''] = /\bDefault:? ([\s\S]*)$/.exec(doc) ?? []
      const [value] = valuesIn(said)
      return value === undefined ? [] : [{ name, file, value }]
    }),
  )
}

const CONSTANTS: Readonly<Record<string, number>> = { KIB: 1024, READ_AHEAD: 64 * 1024 }

/** A product of numbers and known constants, a string, a boolean; undefined for anything else. */
function evaluate(expression: string): number | string | undefined {
  if (/^(true|false)$/.test(expression)) return expression
  if (expression === 'Number.POSITIVE_INFINITY') return 'none'
  if (/^'[^']*'$/.test(expression)) return expression.slice(1, -1)
  const factors = expression
    .split(' * ')
    .map((factor) => CONSTANTS[factor] ?? (/^[\d_]+$/.test(factor) ? Number(factor.replaceAll('_', '')) : Number.NaN))
  const product = factors.reduce((all, factor) => all * factor, 1)
  return Number.isNaN(product) ? undefined : product
}
