import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

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
