import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Breakage } from '../../phases/4-production/labs/break/breakage.ts'
import type { Lab } from '../../phases/4-production/labs/engine/lab.ts'
import type { RunOptions } from '../../phases/4-production/labs/engine/run.ts'
import { ask } from './ask.ts'
import type { Desk } from './desk.ts'
import { PHASES } from './exercises.ts'

// The experiments of phase 4 have no answers to write and so no folder each. They are loaded when they are asked for: they bring
// testkit along, and a copy of the course may have no phase 4.
const FOLDER = join(PHASES, '4-production', 'labs')

/** Every experiment; none where phase 4 is not there. */
export async function findExperiments(): Promise<readonly Lab[]> {
  return existsSync(join(FOLDER, 'labs.ts')) ? (await load('labs.ts')).LABS : []
}

/** @returns the exit code: 1 when something that the experiment claims is not so here */
export async function runExperiment(lab: Lab, flags: ReadonlySet<string>, desk: Desk): Promise<number> {
  const { runLab } = await load('engine/run.ts')
  exitOnCtrlC()
  const options: RunOptions = {
    imitate: flags.has('imitate'),
    json: flags.has('json'),
    predict: async ({ length }) => {
      if (!process.stdin.isTTY) return undefined
      const place = (await ask('\nWhat do you predict? (Enter: nothing) ')).toLowerCase().charCodeAt(0) - 97
      return place >= 0 && place < length ? place : undefined
    },
    say: desk.say,
  }
  return await runLab(lab, options)
}

/** Hops have process groups of their own, which Ctrl-C does not reach: they are ended when this process exits, and not by its death. */
function exitOnCtrlC(): void {
  process.once('SIGINT', () => process.exit(130))
}

/** Everything that can be broken on purpose; nothing where phase 4 is not there. */
export async function findBreakages(): Promise<readonly Breakage[]> {
  return existsSync(join(FOLDER, 'break')) ? (await load('break/breakages.ts')).BREAKAGES : []
}

/** @returns the exit code */
export async function runOneBreakage(breakage: Breakage, desk: Desk): Promise<number> {
  const { runBreakage } = await load('break/run-breakage.ts')
  return await runBreakage(breakage, desk.say)
}

async function load(name: string) {
  return await import(pathToFileURL(join(FOLDER, name)).href)
}
