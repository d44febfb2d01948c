import type { Command } from '../command.ts'
import { type Desk, exercisesNamed } from '../desk.ts'
import { judge, type Verdict } from '../judge.ts'
import { isBegun } from '../learner-files.ts'
import { failureText, phaseEnd, progressLine, verdictText } from '../view.ts'
import { nextOf } from './next.ts'
import { lookedBack } from './predict.ts'

export const check: Command = {
  name: 'check',
  usage: '[id|phase|all …] [--begun] [--json]',
  summary: 'run the tests against your code once; exit code 0 when all pass',
  help: `Without a word: the current exercise. Several words may be given: course check 0.2 1
--begun leaves out the exercises in which you have written nothing yet.
Exit codes: 0 all pass, 1 something does not, 2 there is no such exercise.`,
  options: { json: 'flag', begun: 'flag' },
  words: Number.POSITIVE_INFINITY,
  async run({ words, flags }, desk) {
    const named = exercisesNamed(desk, words)
    const verdicts = await judge(desk, flags.has('begun') ? named.filter(isBegun) : named)
    if (flags.has('json')) desk.say(JSON.stringify(verdicts.map(entryOf), null, 2))
    else desk.say(textOf(desk, verdicts))
    return verdicts.every(({ state }) => state === 'done') ? 0 : 1
  },
}

function entryOf({ exercise: { id }, state, tests, failure }: Verdict) {
  return {
    id,
    state,
    tests: tests.map(({ name, state: test }) => ({ name, state: test })),
    ...(failure && { failure }),
  }
}

function textOf(desk: Desk, verdicts: readonly Verdict[]): string {
  const [first] = verdicts
  if (first === undefined) return 'You have written nothing there yet.'
  if (verdicts.length === 1) return [verdictText(desk, first), '', ...nextLines(desk, first)].join('\n')
  const failing = verdicts.find(({ state }) => state === 'failing' || state === 'broken')
  return [
    ...verdicts.map((verdict) => rowOf(desk, verdict)),
    ...(failing === undefined
      ? []
      : ['', ` The first that fails: ${failing.exercise.id}`, ...failureText(desk, failing)]),
    '',
    progressLine(desk, first.exercise),
    ...endOf(desk),
  ].join('\n')
}

function rowOf({ style }: Desk, { exercise: { id, title }, state, tests }: Verdict): string {
  const passed = tests.filter((test) => test.state === 'passed').length
  const mark = state === 'done' ? style.good('✓') : state === 'failing' || state === 'broken' ? style.bad('×') : '·'
  const count = tests.length === 0 ? state : `${passed}/${tests.length} tests`
  return ` ${mark} ${id.padEnd(4)} ${title.padEnd(40)} ${state === 'not started' ? state : count}`
}

/** What to do now. */
export function nextLines(desk: Desk, { exercise, state }: Verdict): string[] {
  if (state === 'done') {
    const following = nextOf(desk)
    const [back, end] = [lookedBack(desk, exercise), phaseEnd(desk, exercise)]
    const said = [...(back === undefined ? [] : [back, '']), ...(end === undefined ? [] : [` ${end}`])]
    if (following === undefined) return [...said, ...endOf(desk)]
    return [...said, ` ✓ ${exercise.id} is done. Next: npm run course next   (${following.id} · ${following.title})`]
  }
  if (state === 'missing') return []
  if (state === 'not started') return [` Next: read ${exercise.slug}/README.md, then write ${exercise.work[0]?.mine}`]
  if (state === 'broken') return [' Next: mend it, and check again']
  return [` Next: npm run course hint ${exercise.id}, or run it: npm run course run ${exercise.id}`]
}

/** The last words of the course; nothing before its end. */
function endOf({ exercises, state }: Desk): string[] {
  if (exercises.some(({ id }) => state.exercises[id]?.doneAt === undefined)) return []
  return [
    ` ✓ ${exercises.length}/${exercises.length}: you have built it all. Compare it with packages/, then build something with it.`,
  ]
}
