import { type FSWatcher, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'

/** Milliseconds between two looks, where the system does not tell of changes (containers, network disks). */
const LOOK = 500
/** Milliseconds of quiet before a change counts: editors write a file in steps. */
const QUIET = 80

/**
 * Tells whenever a file of the learner's has changed.
 *
 * @param poll looks at the files now and then instead of being told
 * @returns ends it
 */
export function watchFiles({ folder, work, test }: Exercise, poll: boolean, onChange: () => void): () => void {
  const names = new Set([...work.map(({ mine }) => mine), test])
  let timer: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET)
  }
  let stop = poll ? lookAt(folder, names, changed) : listen()
  return () => {
    clearTimeout(timer)
    stop()
  }

  function listen(): () => void {
    const watcher = tryWatch(folder, (name) => {
      if (name === undefined || names.has(name)) changed()
    })
    if (watcher === undefined) return lookAt(folder, names, changed)
    watcher.on('error', () => {
      watcher.close()
      stop = lookAt(folder, names, changed)
    })
    return () => watcher.close()
  }
}

/** Nothing where the system has no more watches to give. */
function tryWatch(folder: string, onName: (name: string | undefined) => void): FSWatcher | undefined {
  try {
    return watch(folder, (_, name) => onName(name ?? undefined))
  } catch {
    return undefined
  }
}

function lookAt(folder: string, names: ReadonlySet<string>, changed: () => void): () => void {
  const look = () => [...names].map((name) => lastChange(join(folder, name))).join()
  let last = look()
  const timer = setInterval(() => {
    const seen = look()
    if (seen !== last) changed()
    last = seen
  }, LOOK)
  return () => clearInterval(timer)
}

function lastChange(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
