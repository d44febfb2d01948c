import { readFileSync } from 'node:fs'

/** What Stryker writes, as far as we read it. */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

interface Mutant {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored'
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  readonly line: number
  readonly column: number
}

/** How many mutants of a file were tried, and those that no test noticed. */
export interface FileScore {
  readonly file: string
  readonly tried: number
  readonly survivors: readonly Survivor[]
}

export interface Survivor {
  readonly line: number
  /** What stood there, and what stood there instead. */
  readonly change: string
}

/** A word of the code is enough to find it again. */
const LONGEST = 60

export function scoresIn(file: string): FileScore[] {
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report
  return Object.entries(files).map(([name, { source, mutants }]) => {
    const tried = mutants.filter(({ status }) => status !== 'Ignored')
    const alive = tried.filter(({ status }) => status !== 'Killed' && status !== 'Timeout')
    return { file: name, tried: tried.length, survivors: alive.map((mutant) => survivorOf(mutant, source)) }
  })
}

function survivorOf({ location, mutatorName, replacement = mutatorName }: Mutant, source: string): Survivor {
  const { start, end } = location
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines.push((lines.pop() ?? '').slice(0, end.column - 1))
  const before = lines.join('\n').slice(start.column - 1)
  return { line: start.line, change: `${short(before)} → ${short(replacement)}` }
}

function short(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

/** How many percent of the mutants were noticed. */
export function percentOf(scores: readonly FileScore[]): number {
  const tried = scores.reduce((sum, score) => sum + score.tried, 0)
  const alive = scores.reduce((sum, { survivors }) => sum + survivors.length, 0)
  return tried === 0 ? 0 : (100 * (tried - alive)) / tried
}
