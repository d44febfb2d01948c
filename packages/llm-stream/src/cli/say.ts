import { createSanitizer } from '../terminal/sanitize.ts'
import type { Terminal } from './conclude.ts'
import { laidOut } from './laid-out.ts'

/** Says something to people. Others may have had a say in it: it is as harmless as text. Where nobody looks, no line is broken. */
export function say(stderr: Terminal['stderr'], text: string): void {
  const safe = createSanitizer()(text)
  stderr.write(`${stderr.isTTY ? laidOut(safe, stderr.columns ?? 80) : safe}\n`)
}
