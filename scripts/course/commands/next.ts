import type { Command } from '../command.ts'
import { currentOf, type Desk, noted } from '../desk.ts'
import type { Exercise } from '../exercises.ts'
import { moveTo } from './goto.ts'

export const next: Command = {
  name: 'next',
  usage: '',
  summary: 'go to the next exercise that is not done',
  words: 0,
  run(_given, desk) {
    const following = nextOf(desk)
    if (following === undefined)
      desk.say(' ✓ All exercises are done. npm run course check all   runs them all once more.')
    else moveTo(desk, following)
    return 0
  },
}

/** The first that is not done behind the current one, else the first from the beginning; the very first for those who come new. */
export function nextOf(desk: Desk): Exercise | undefined {
  const { exercises, state } = desk
  const current = currentOf(desk)
  if (state.current === undefined && !isDone(desk, current)) return current
  const at = exercises.indexOf(current)
  const open = [...exercises.slice(at + 1), ...exercises.slice(0, at)].find((other) => !isDone(desk, other))
  return open ?? (isDone(desk, current) ? undefined : current)
}

function isDone(desk: Desk, exercise: Exercise): boolean {
  return noted(desk, exercise).doneAt !== undefined
}
