import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What is held on to at the end of `attack`, and was not before: before anything of it is let go. */
export async function growthDuring(attack: () => Promise<void>): Promise<number> {
  const before = retainedBytes()
  await attack()
  return retainedBytes() - before
}

/** Resolves when `count` has not moved for twenty looks in a row, some milliseconds apart: something has come to a stop. */
export async function standstill(count: () => number): Promise<void> {
  for (let quiet = 0, last = count(); quiet < 20; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (count() !== last) quiet = 0
    last = count()
  }
}

/**
 * Bytes that this process holds on to, heap and buffers, garbage aside. What an attack makes of it can be held to a
 * number; RSS cannot, for it also has what the allocator keeps for later.
 */
export function retainedBytes(): number {
  collectGarbage()
  collectGarbage() // what the first one has only finalised
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** `gc()` without `--expose-gc` on the command line: test workers have no such flag. */
const collectGarbage: () => void = exposeGc()

function exposeGc(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
