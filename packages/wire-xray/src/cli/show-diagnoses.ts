import { type Diagnosis, diagnosisLines } from '../diagnose/index.ts'
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
    : diagnosisLines(
        diagnosis,
        askedAt,
        columnsOf({ ...(output.columns !== undefined && { columns: output.columns }) }),
      )
  output.write(`${lines.join('\n')}\n`)
}
