import { wrap } from '../format.ts'
import type { Diagnosis, Evidence } from './diagnosis.ts'

const MARKS: Readonly<Record<Diagnosis['severity'], string>> = { error: '✗', warn: '!', info: '·' }

/** A diagnosis as lines of at most so many cells. `askedAt` is when the request came: what was seen is told from there. */
export function diagnosisLines(diagnosis: Diagnosis, askedAt: number, columns: number): readonly string[] {
  const { code, severity, confidence, exchange, text, fix, evidence } = diagnosis
  const [advice = '', ...config] = fix.split('\n')
  const indented = (line: string): readonly string[] => wrap(line, columns - 2).map((part) => `  ${part}`)
  return [
    `${MARKS[severity]} ${code}  #${exchange}  ${severity}, ${confidence}`,
    ...indented(text),
    ...(evidence.length === 0 ? [] : indented(`seen: ${evidence.map((each) => wordsFor(each, askedAt)).join(', ')}`)),
    ...(advice === '' ? [] : indented(`fix: ${advice}`)),
    ...config.flatMap((line) => indented(`  ${line}`)),
  ]
}

function wordsFor({ at, bytes, what, direction }: Evidence, askedAt: number): string {
  const where = bytes === undefined ? '' : ` [${bytes[0]},${bytes[1]})`
  return `${direction === 'up' ? '▲' : ''}${what} at ${(at - askedAt).toFixed(at - askedAt < 100 ? 1 : 0)} ms${where}`
}
