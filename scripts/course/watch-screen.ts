import { type Desk, noted } from './desk.ts'
import type { Exercise } from './exercises.ts'
import { hintCount } from './hinting.ts'
import type { Verdict } from './judge.ts'
import { isStubNew } from './learner-files.ts'
import { failureText, phaseEnd, printedText, progressLine, testLines, titleLine } from './view.ts'

/** What is on the screen of someone who works on an exercise. */
export interface Screen {
  readonly exercise: Exercise
  /** Of the last run, if there was one. */
  readonly verdict?: Verdict | undefined
  /** The tests are running now. */
  readonly running: boolean
  /** Under it all: a hint, a sentence. */
  readonly note?: string | undefined
}

/** The screen as lines: how far, which exercise, its tests, the first failure, what to do, the keys. */
export function paintScreen(desk: Desk, screen: Screen, rows: number): string {
  const { exercise, verdict } = screen
  const head = ['', progressLine(desk, exercise), '', titleLine(desk, exercise)]
  const changed = isStubNew(desk, exercise) ? [' ! The stub has changed since you began: course diff --stub'] : []
  const tail = [
    ...(verdict ? [...failureText(desk, verdict), ...printedText(desk, verdict)] : []),
    ...(screen.note === undefined ? [] : ['', screen.note]),
    '',
    ` ${adviceOf(desk, screen)}`,
    '',
    keysOf(desk, screen),
  ]
  const tests = verdict ? testLines(desk, verdict) : []
  const space = rows - [...head, ...changed, ...tail].join('\n').split('\n').length - 1
  return [...head, ...changed, ...(tests.length > space && verdict ? folded(desk, verdict) : tests), ...tail].join('\n')
}

/** The tests in a line or two, where there is no room for a line each. */
function folded(desk: Desk, verdict: Verdict): string[] {
  const passed = verdict.tests.filter(({ state }) => state === 'passed').length
  const failed = testLines(desk, verdict).filter((_, at) => verdict.tests[at]?.name === verdict.failure?.test)
  return [` ${desk.style.good('✓')} ${passed} of ${verdict.tests.length} tests`, ...failed]
}

function adviceOf(desk: Desk, { exercise, verdict, running }: Screen): string {
  if (running) return 'The tests are running …'
  const mine = exercise.work[0]?.mine
  if (verdict === undefined || verdict.state === 'not started')
    return `Next: read the README.md beside it${noted(desk, exercise).prediction === undefined ? ', predict (p)' : ''}, then write ${mine} and save`
  if (verdict.state === 'done')
    return [
      phaseEnd(desk, exercise),
      `${desk.style.good('✓ Done.')} Next: n, or look first: r runs it, d compares it with the answer`,
    ]
      .filter((line) => line !== undefined)
      .join('\n ')
  if (verdict.state === 'missing') return 'Next: npm run course start'
  const mistake = verdict.failure?.mistake
  const isNew = mistake !== undefined && !noted(desk, exercise).shownMistakes?.includes(mistake)
  return `Next: mend it and save · h for a hint${isNew ? ' about this very mistake' : ''}`
}

/** The keys that one may want now; ? shows them all. */
function keysOf(desk: Desk, { exercise, verdict }: Screen): string {
  const open = `h hint ${hintCount(desk, exercise)} · r run · p predict · d diff · s solution · l list · z reset`
  const done = 'n next · r run · d diff · s solution · p predict · l list · z reset'
  return desk.style.dim(` ${verdict?.state === 'done' ? done : open} · ? · q`)
}

/** What each key does. */
export const KEYS = `
 h   the next hint: first the one for the mistake that the failure names
 r   run the demo with your code
 p   predict, before you write
 d   your code and the answer, line by line
 s   the answer
 l   all exercises
 n   the next exercise, when this one is done
 z   begin again; what you wrote is kept
 u   bring back what z took
 t   test now, without a change
 q   the end; nothing is lost`
