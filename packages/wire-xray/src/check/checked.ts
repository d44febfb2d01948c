import type { Diagnosis, DiagnosisCode } from '../diagnose/index.ts'
import type { Probed } from '../probe/probe.ts'

/** One thing that was looked at. */
export interface Checked {
  readonly name: 'stream' | 'head' | 'spacing' | 'plain' | 'gzip' | 'heartbeat' | 'idle' | 'end' | 'cache'
  /** `skip`: it could not be seen in the time there was. */
  readonly result: 'pass' | 'fail' | 'skip'
  readonly text: string
  /** What to do; lines of configuration behind it. Empty for nothing. */
  readonly fix: string
}

/** The first diagnosis of one of these kinds. */
export const said = ({ diagnoses }: Probed, ...codes: DiagnosisCode[]): Diagnosis | undefined =>
  diagnoses.find(({ code }) => codes.includes(code))

/** A check that failed for what was diagnosed. */
export function failed(name: Checked['name'], { code, text, fix }: Diagnosis): Checked {
  return { name, result: 'fail', text: `${code}: ${text}`, fix }
}
