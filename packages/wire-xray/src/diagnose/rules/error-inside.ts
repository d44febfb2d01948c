import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

/** The provider says that it failed, behind a head that says it did not. */
export function errorInside200({ found, response, events }: Look): Verdict | undefined {
  if (response?.status !== 200) return undefined
  const failure = found.find(({ finding }) => finding.kind === 'failure')
  const error = failure ?? events.find(({ finding }) => finding.type === 'error')
  if (!error) return undefined
  return {
    code: 'ERROR_INSIDE_200',
    severity: 'error',
    confidence: failure ? 'certain' : 'likely',
    text: `an error came inside of an answer with status 200: ${error.finding.summary}`,
    fix: 'Whoever counts failures by status does not see it: read the stream to its end mark. Ask again later if it says so.',
    evidence: [seen(error)],
  }
}
