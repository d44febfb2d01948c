import { type Diagnosis, type DiagnosisCode, diagnosisLines } from '../diagnose/index.ts'
import { wrap } from '../format.ts'
import { columnsOf, type Output } from '../live/view.ts'
import type { Exchange } from '../timeline/exchange.ts'

/** Says what is wrong, behind everything else; or that nothing is. */
export function showDiagnoses(
  output: Pick<Output, 'write' | 'columns'>,
  diagnoses: readonly Diagnosis[],
  exchanges: readonly Exchange[],
  json: boolean,
): void {
  const askedAt = new Map(exchanges.map((exchange) => [exchange.number, exchange.askedAt]))
  for (const diagnosis of diagnoses) showDiagnosis(output, diagnosis, askedAt.get(diagnosis.exchange) ?? 0, json)
  if (!json && diagnoses.some(isGuessed)) for (const line of wrap(NEXT, columnsFor(output))) output.write(`${line}\n`)
  const worst = diagnoses.filter(({ severity }) => severity !== 'info').length
  if (!json && exchanges.length > 0 && worst === 0) output.write('✓ nothing is wrong with it, as far as was seen\n')
}

/** One of them, as a line of JSON or as lines for people. */
export function showDiagnosis(
  output: Pick<Output, 'write' | 'columns'>,
  diagnosis: Diagnosis,
  askedAt: number,
  json: boolean,
): void {
  const lines = json
    ? [JSON.stringify({ kind: 'diagnosis', ...diagnosis })]
    : diagnosisLines(diagnosis, askedAt, columnsFor(output))
  output.write(`${lines.join('\n')}\n`)
}

const NEXT =
  '→ Who held it, one tap cannot see: xray sandwich puts one on both sides of a hop, xray probe asks the server without it.'

/** What the hop may have done, or the server. */
const GUESSED: ReadonlySet<DiagnosisCode> = new Set([
  'BURST_AFTER_SILENCE',
  'COMPRESSOR_NOT_FLUSHED',
  'SIZE_QUANTUM',
  'TIME_QUANTUM_200MS',
  'HEAD_HELD',
  'ID_GAP',
])

function isGuessed({ code, severity }: Diagnosis): boolean {
  return severity !== 'info' && GUESSED.has(code)
}

function columnsFor({ columns }: Pick<Output, 'columns'>): number {
  return columnsOf({ ...(columns !== undefined && { columns }) })
}
