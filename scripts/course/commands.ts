import type { Command } from './command.ts'
import { breakIt } from './commands/break.ts'
import { check } from './commands/check.ts'
import { diff } from './commands/diff.ts'
import { doctor } from './commands/doctor.ts'
import { eject } from './commands/eject.ts'
import { goto } from './commands/goto.ts'
import { hint } from './commands/hint.ts'
import { lab } from './commands/lab.ts'
import { list } from './commands/list.ts'
import { newExercise } from './commands/new.ts'
import { next } from './commands/next.ts'
import { predict } from './commands/predict.ts'
import { reset, undo } from './commands/reset.ts'
import { run } from './commands/run.ts'
import { save } from './commands/save.ts'
import { solution } from './commands/solution.ts'
import { start } from './commands/start.ts'
import { verify } from './commands/verify.ts'
import { watch } from './commands/watch.ts'

/** Every command, in the order in which they are listed. */
export const COMMANDS: readonly Command[] = [
  watch,
  start,
  list,
  next,
  goto,
  predict,
  check,
  hint,
  run,
  lab,
  breakIt,
  diff,
  solution,
  reset,
  undo,
  save,
  eject,
  doctor,
  verify,
  newExercise,
]
