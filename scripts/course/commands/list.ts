import type { Command } from '../command.ts'
import { currentOf, type Desk, noted } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { isBegun, isStubNew, mainFile } from '../learner-files.ts'
import { progressLine, spoken } from '../view.ts'

export const list: Command = {
  name: 'list',
  usage: '[--json]',
  summary: 'all exercises: what is done, what is next, how long each takes',
  help: `The state is that of the last run of each. "npm run course check all" runs them all again.
★ is the fast track, for those who know much of it already.`,
  options: { json: 'flag' },
  words: 0,
  run({ flags }, desk) {
    if (flags.has('json'))
      desk.say(
        JSON.stringify(
          desk.exercises.map((exercise) => entryOf(desk, exercise)),
          null,
          2,
        ),
      )
    else desk.say(table(desk))
    return 0
  },
}

function entryOf(desk: Desk, exercise: Exercise) {
  const { id, title, kind, star, minutes, phase, slug } = exercise
  const { passed, tests, attempts = 0, hints = 0 } = noted(desk, exercise)
  const counts = passed === undefined ? {} : { passed, tests }
  const rest = { current: currentOf(desk) === exercise, stubChanged: isStubNew(desk, exercise), attempts, hints }
  return {
    id,
    title,
    kind,
    star,
    minutes,
    phase,
    slug,
    file: shown(mainFile(exercise)),
    state: stateOf(desk, exercise),
    ...counts,
    ...rest,
  }
}

/** The state of an exercise in a word or two. */
function stateOf(desk: Desk, exercise: Exercise): string {
  const { doneAt, passed = 0, tests = 0 } = noted(desk, exercise)
  if (!isBegun(exercise)) return 'not started'
  if (doneAt !== undefined) return 'done'
  return passed > 0 ? `${passed}/${tests} tests` : 'started'
}

/** All exercises, phase by phase. */
export function table(desk: Desk): string {
  const rows = desk.exercises.flatMap((exercise, at) => {
    const isFirst = desk.exercises[at - 1]?.phase !== exercise.phase
    return [...(isFirst ? ['', phaseRow(desk, exercise)] : []), row(desk, exercise)]
  })
  const legend = '★ fast track   ▸ current   ! its stub has changed: course diff --stub'
  return [progressLine(desk, currentOf(desk)), ...rows, '', desk.style.dim(` ${legend}`)].join('\n')
}

function phaseRow({ exercises, style }: Desk, { phase }: Exercise): string {
  const own = exercises.filter((exercise) => exercise.phase === phase)
  const minutes = own.reduce((sum, exercise) => sum + exercise.minutes, 0)
  return ` ${style.strong(phase)}   ${spoken(minutes)}`
}

function row(desk: Desk, exercise: Exercise): string {
  const state = stateOf(desk, exercise)
  const mark = currentOf(desk) === exercise ? '▸' : ' '
  const title = `${exercise.title}${exercise.star ? ' ★' : ''}`.padEnd(38)
  const shownState = state === 'done' ? desk.style.good('✓ done') : state
  const changed = isStubNew(desk, exercise) ? ' !' : ''
  return ` ${mark} ${exercise.id.padEnd(4)} ${title} ${`${exercise.minutes} min`.padStart(6)}   ${shownState}${changed}`
}
