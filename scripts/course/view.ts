import type { Desk } from './desk.ts'
import { noted } from './desk.ts'
import { type Exercise, shown } from './exercises.ts'
import type { Verdict } from './judge.ts'
import { mainFile } from './learner-files.ts'
import { wrap } from './style.ts'

const BAR = 22

/** How far the learner is: a bar, a count, the phase, and the minutes that are left in it. */
export function progressLine(desk: Desk, { phase }: Exercise): string {
  const { exercises, style } = desk
  const done = exercises.filter((exercise) => noted(desk, exercise).doneAt !== undefined)
  const full = Math.floor((BAR * done.length) / Math.max(1, exercises.length))
  const bar = style.good('█'.repeat(full)) + style.dim('░'.repeat(BAR - full))
  const left = exercises.filter((exercise) => exercise.phase === phase && !done.includes(exercise))
  const minutes = left.reduce((sum, exercise) => sum + exercise.minutes, 0)
  const [number, ...name] = phase.split('-')
  const where = `phase ${number} · ${name.join('-')}`
  return ` ${bar}  ${done.length}/${exercises.length}   ${where}   ${minutes === 0 ? 'all done' : `~${spoken(minutes)} left in it`}`
}

/** That the phase is complete, and what to do with it; nothing before its end. */
export function phaseEnd(desk: Desk, { phase }: Exercise): string | undefined {
  const own = desk.exercises.filter((exercise) => exercise.phase === phase)
  if (own.some((exercise) => noted(desk, exercise).doneAt === undefined)) return undefined
  const [number, ...name] = phase.split('-')
  return `✓ Phase ${number} · ${name.join('-')} is complete. Test all of it: npm run test:phase ${number}`
}

/** Minutes as people say them. */
export function spoken(minutes: number): string {
  if (minutes < 60) return `${minutes} min`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** The exercise and its file. */
export function titleLine({ style }: Desk, exercise: Exercise): string {
  return ` ${style.strong(`${exercise.id} · ${exercise.title}`)}   ${shown(mainFile(exercise))}`
}

/** Its tests, a line each, with a mark. */
export function testLines(desk: Desk, { tests, failure }: Verdict): string[] {
  const { columns } = desk.style
  return tests.map((test) => {
    const name = clip(test.name, columns - 4)
    if (test.state === 'passed') return ` ${desk.style.good('✓')} ${name}`
    if (test.state === 'failed' && test.name === failure?.test) return ` ${desk.style.bad('×')} ${name}`
    return ` ${desk.style.dim(`· ${name}`)}` // waits its turn: only the first failure is a matter of now
  })
}

/** What failed first, in its own words, as wide as the window; nothing when nothing did. */
export function failureText({ style }: Desk, { failure }: Verdict): string[] {
  if (failure === undefined) return []
  const text = wrap(failure.text.replaceAll(/ *\[mistake:[a-z0-9-]+\]/g, ''), style.columns - 2, 2)
  return ['', ...text.split('\n').map((line) => ` ${colourOf(style, line)}`.trimEnd())]
}

/** So many lines of what the code printed are shown, the last ones. */
const MOST_PRINTED = 10

/** What the learner's code printed. */
export function printedText({ style }: Desk, { printed }: Verdict): string[] {
  if (printed === undefined) return []
  const lines = printed.trimEnd().split('\n')
  const title = lines.length > MOST_PRINTED ? `Your code printed ${lines.length} lines, at last:` : 'Your code printed:'
  return ['', ` ${title}`, ...lines.slice(-MOST_PRINTED).map((line) => `   ${clip(line, style.columns - 4)}`)]
}

function colourOf({ good, bad, strong }: Desk['style'], line: string): string {
  if (/^- /.test(line)) return good(line)
  if (/^\+ /.test(line)) return bad(line)
  if (/^(Why: |✗ )/.test(line)) return strong(line)
  return line
}

/** An exercise with what came of its tests. */
export function verdictText(desk: Desk, verdict: Verdict): string {
  const parts = [testLines(desk, verdict), failureText(desk, verdict), printedText(desk, verdict)]
  return [titleLine(desk, verdict.exercise), ...parts.flat()].join('\n')
}

function clip(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
}
