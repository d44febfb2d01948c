import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Desk, note, noted } from './desk.ts'
import type { Exercise, Work } from './exercises.ts'
import { Sentence } from './sentence.ts'
import { hashOf, MEMORY } from './state.ts'
import { copyNew, writeWhole } from './write-file.ts'

/** The path of the learner's file: the first, if there are more. */
export function mainFile({ folder, work: [first] }: Exercise): string {
  return join(folder, first?.mine ?? 'exercise.ts')
}

/** Is there something of the learner's? */
export function isStarted({ folder, work }: Exercise): boolean {
  return work.length > 0 && work.every(({ mine }) => existsSync(join(folder, mine)))
}

/** Has the learner written anything? */
export function isBegun({ folder, work }: Exercise): boolean {
  return work.some(({ stub, mine }) => {
    const file = join(folder, mine)
    return existsSync(file) && readFileSync(file, 'utf8') !== readFileSync(join(folder, stub), 'utf8')
  })
}

/**
 * Makes the learner's files that are not there yet, from their stubs. What is there is left alone.
 *
 * @returns the paths of the new ones
 */
export function begin(desk: Desk, exercise: Exercise): string[] {
  const made = exercise.work
    .filter(({ stub, mine }) => copyNew(join(exercise.folder, stub), join(exercise.folder, mine)))
    .map(({ mine }) => join(exercise.folder, mine))
  if (made.length > 0) note(desk, exercise, { startedAt: now(), stubHash: stubHash(exercise), doneAt: undefined })
  return made
}

/** Tells whether the stubs are still those from which the learner began. */
export function stubHash({ folder, work }: Exercise): string {
  return hashOf(work.map(({ stub }) => readFileSync(join(folder, stub), 'utf8')).join('\0'))
}

/** Has the stub changed since the learner began? */
export function isStubNew(desk: Desk, exercise: Exercise): boolean {
  const { stubHash: then } = noted(desk, exercise)
  return then !== undefined && isStarted(exercise) && then !== stubHash(exercise)
}

/** Puts the stubs in place of the learner's files, which are kept in the history first. */
export function reset(desk: Desk, exercise: Exercise): string[] {
  const kept = exercise.work.flatMap((work) => keep(exercise, work))
  for (const { stub, mine } of exercise.work)
    writeWhole(join(exercise.folder, mine), readFileSync(join(exercise.folder, stub), 'utf8'))
  note(desk, exercise, {
    startedAt: now(),
    stubHash: stubHash(exercise),
    doneAt: undefined,
    passed: undefined,
    mistake: undefined,
  })
  return kept
}

/**
 * Takes the learner's files back from the history, the last ones first; those of now are kept in turn.
 *
 * @returns what was taken back
 * @throws Sentence when nothing is kept
 */
export function undo(desk: Desk, exercise: Exercise): string[] {
  const back = exercise.work.flatMap((work) => {
    const last = keptOf(exercise, work).at(-1)
    return last === undefined ? [] : [{ work, last, text: readFileSync(last, 'utf8') }]
  })
  if (back.length === 0) throw new Sentence(`nothing of ${exercise.id} is kept in .course/history`)
  for (const { work, text } of back) {
    keep(exercise, work)
    writeWhole(join(exercise.folder, work.mine), text)
  }
  note(desk, exercise, { doneAt: undefined })
  return back.map(({ last }) => last)
}

/** Keeps a file of the learner's as it is now. One that is not there, or is kept already as it is, needs none. */
export function keep(exercise: Exercise, work: Work): string[] {
  const file = join(exercise.folder, work.mine)
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  if (text === readFileSync(join(exercise.folder, work.stub), 'utf8')) return []
  const kept = join(historyOf(exercise), `${now().replaceAll(':', '-')}--${work.mine}`)
  writeWhole(kept, text)
  return [kept]
}

/** What is kept of a file, the oldest first. */
function keptOf(exercise: Exercise, { mine }: Work): string[] {
  const folder = historyOf(exercise)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(`--${mine}`))
    .sort()
    .map((name) => join(folder, name))
}

function historyOf({ id }: Exercise): string {
  return join(MEMORY, 'history', id)
}

function now(): string {
  return new Date().toISOString()
}
