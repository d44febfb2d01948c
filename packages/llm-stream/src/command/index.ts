export { laidOut } from '../cli/laid-out.ts'
export { type Flags, numberIn, type Parsed, parseFlags, UsageError, wholeNumberIn } from './flags.ts'
export { endWithOutput, INTERRUPTED, onSignals } from './interrupts.ts'
