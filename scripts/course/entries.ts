import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT } from './exercises.ts'
import type { Plan, PlannedTarget, Target } from './plan.ts'

// Vitest runs a file once in a project, and a project for each target would load the packages anew for each: 61 s of a processor
// for the 25 exercises of phases 0 to 2 instead of 20 (npm run course verify). So each target has a file of its own that
// imports the same test, and says in the import's query whose code `#ex/…` is.

/**
 * Writes a file for each test and target.
 *
 * @returns the folder that they are in; its owner removes it
 */
export function writeEntries({ targets }: Plan): string {
  const parent = join(ROOT, '.cache')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'course-entries-'))
  for (const { target, files } of targets)
    for (const [nth, test] of files.entries()) {
      const entry = entryFile(folder, target, nth)
      mkdirSync(dirname(entry), { recursive: true })
      const way = relative(dirname(entry), test).replaceAll('\\', '/')
      writeFileSync(entry, `import ${JSON.stringify(`${way}?target=${target}`)}\n`)
    }
  return folder
}

function entryFile(folder: string, target: Target, nth: number): string {
  return join(folder, target.replace(':', '-'), `${nth}.test.ts`)
}

/** Whose test an entry runs, and for whom; nothing for a file that is no entry. */
export function readEntry(
  { targets }: Plan,
  file: string,
): { readonly target: Target; readonly file: string } | undefined {
  const [, name, nth] = /\/course-entries-[^/]+\/([^/]+)\/(\d+)\.test\.ts$/.exec(file.replaceAll('\\', '/')) ?? []
  const found = targets.find(({ target }: PlannedTarget) => target.replace(':', '-') === name)
  const test = found?.files[Number(nth)]
  return found && test !== undefined ? { target: found.target, file: test } : undefined
}

/** The target that the importer of `#ex/…` asks for in its query; none for the learner's own. */
export function targetOf(importer: string): Target | undefined {
  const [, target] = /\?target=([\w:]+)/.exec(importer) ?? []
  return target as Target | undefined
}
