import type { Lab, Outcome } from './lab.ts'
import { findings, introduction } from './report.ts'

export interface RunOptions {
  /** The imitation, even where the real program is here. */
  readonly imitate: boolean
  /** What came of it as a line of JSON, and nothing else. */
  readonly json: boolean
  /** Asks for the option that is expected, by its place from 0; undefined when nobody says one. */
  readonly predict: (options: readonly string[]) => Promise<number | undefined>
  readonly say: (text: string) => void
}

/**
 * Runs an experiment, and says what came of it.
 *
 * @returns 0 when all that it claims holds here, and else 1
 */
export async function runLab(lab: Lab, { imitate, json, predict, say }: RunOptions): Promise<number> {
  if (json) {
    const outcome = await lab.run({ imitate })
    say(JSON.stringify(outcome))
    return codeOf(outcome)
  }
  say(introduction(lab))
  const chosen = await predict(lab.options)
  say('\nMeasuring …\n')
  const outcome = await lab.run({ imitate })
  say(findings(lab, outcome, chosen))
  return codeOf(outcome)
}

function codeOf({ claims }: Outcome): number {
  return claims.every(({ holds }) => holds) ? 0 : 1
}
