import type { Command } from './command.ts'
import { check } from './commands/check.ts'
import { list } from './commands/list.ts'
import { run } from './commands/run.ts'
import { start } from './commands/start.ts'
import { verify } from './commands/verify.ts'

/** Every command, in the order in which they are listed. */
export const COMMANDS: readonly Command[] = [start, list, check, run, verify]
