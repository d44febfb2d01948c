import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'

/** The hints of an exercise: three tiers, and one for each known mistake. */
export interface Hints {
  readonly tiers: readonly string[]
  readonly mistakes: ReadonlyMap<string, string>
}

const TIERS = ['1 nudge', '2 approach', '3 almost code']

/** Reads `hints.md`, if there is one: `## 1 nudge`, `## 2 approach`, `## 3 almost code`, and `## mistake:<id>` for each mistake. */
export function readHints({ folder }: Pick<Exercise, 'folder'>): Hints {
  const file = join(folder, 'hints.md')
  const sections = sectionsOf(existsSync(file) ? readFileSync(file, 'utf8') : '')
  const tiers = TIERS.flatMap((tier) => sections.get(tier) ?? [])
  const mistakes = [...sections].filter(([heading]) => heading.startsWith('mistake:'))
  return { tiers, mistakes: new Map(mistakes.map(([heading, text]) => [heading.slice('mistake:'.length), text])) }
}

function sectionsOf(markdown: string): Map<string, string> {
  const [, ...parts] = `\n${markdown}`.split(/\n## /)
  return new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n')
      return [heading.trim(), lines.join('\n').trim()]
    }),
  )
}

/** What is wrong with the hints: a tier or a mistake without one, code in the first, the answer in any. */
export function hintProblems(exercise: Exercise): string[] {
  if (exercise.kind === 'lab') return [] // a lab may do without
  const { tiers, mistakes } = readHints(exercise)
  const solution = readFileSync(join(exercise.folder, exercise.solution), 'utf8')
  const given = givenAway(solution, [...tiers, ...mistakes.values()].join('\n'))
  return [
    ...(tiers.length === TIERS.length
      ? []
      : [`hints.md has ${tiers.length} tiers, not ${TIERS.length}: ${TIERS.join(', ')}`]),
    ...(/```/.test(tiers[0] ?? '') ? ['the first hint has code in it'] : []),
    ...exercise.mutants.filter((id) => !mistakes.has(id)).map((id) => `no hint for the mistake ${id}`),
    ...[...mistakes.keys()]
      .filter((id) => !exercise.mutants.includes(id))
      .map((id) => `a hint for ${id}, which is no mutant`),
    ...(given > MOST_GIVEN ? [`the hints hold ${given} lines of the answer one after the other`] : []),
  ]
}

/** So many lines of the answer may stand in the hints in a row. */
const MOST_GIVEN = 2

/** The longest run of lines of the answer that stands, in the same order, in the hints. Short lines and imports tell nothing. */
function givenAway(solution: string, hints: string): number {
  const lines = solution
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 12 && !line.startsWith('import '))
  const held = new Set(hints.split('\n').map((line) => line.trim()))
  let longest = 0
  let current = 0
  for (const line of lines) {
    current = held.has(line) ? current + 1 : 0
    longest = Math.max(longest, current)
  }
  return longest
}
