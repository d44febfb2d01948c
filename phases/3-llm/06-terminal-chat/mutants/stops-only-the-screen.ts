import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => {
  const next = right(ui, event)
  return event.kind === 'interrupt' && ui.phase === 'answering' ? { ...next, phase: 'answering' } : next
}

export { paint } from '../solution.ts'
