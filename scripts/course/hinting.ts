import { type Desk, note, noted } from './desk.ts'
import type { Exercise } from './exercises.ts'
import { readHints } from './hints.ts'
import { Sentence } from './sentence.ts'
import { reflow } from './style.ts'

/** A hint, and where it stands among the others. */
export interface Hint {
  readonly title: string
  readonly text: string
}

const TIERS = ['a nudge', 'a way to go', 'almost the code']

/**
 * The next hint of an exercise: the one for the mistake that the last failure named, if it was not shown yet; else the next tier.
 * After the last one, the last one again. What was shown is remembered.
 *
 * @throws Sentence for a lab without hints
 */
export function nextHint(desk: Desk, exercise: Exercise): Hint {
  const { tiers, mistakes } = readHints(exercise)
  const { mistake = '', shownMistakes = [], hints = 0 } = noted(desk, exercise)
  const meant = mistakes.get(mistake)
  if (meant !== undefined && !shownMistakes.includes(mistake)) {
    note(desk, exercise, { shownMistakes: [...shownMistakes, mistake] })
    return { title: `for this mistake (${mistake})`, text: meant }
  }
  if (tiers.length === 0) throw new Sentence(`${exercise.id} has no hints; its README says where to look`)
  const tier = Math.min(hints, tiers.length - 1)
  note(desk, exercise, { hints: tier + 1 })
  return { title: `${tier + 1} of ${tiers.length}, ${TIERS[tier] ?? 'a hint'}`, text: tiers[tier] ?? '' }
}

/** All hints: for those who are done, and want to see what else was thought of. */
export function allHints(exercise: Exercise): Hint[] {
  const { tiers, mistakes } = readHints(exercise)
  return [
    ...tiers.map((text, tier) => ({ title: `${tier + 1} of ${tiers.length}, ${TIERS[tier] ?? 'a hint'}`, text })),
    ...[...mistakes].map(([id, text]) => ({ title: `for the mistake ${id}`, text })),
  ]
}

/** How many hints were shown, of how many: `1/3`. */
export function hintCount(desk: Desk, exercise: Exercise): string {
  return `${noted(desk, exercise).hints ?? 0}/${TIERS.length}`
}

/** A hint to read, so wide. */
export function hintText({ title, text }: Hint, columns: number): string {
  return `Hint ${title}\n\n${reflow(text, columns - 4).replaceAll(/^(?=.)/gm, '  ')}`
}
