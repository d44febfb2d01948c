import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => {
  if (event.kind !== 'delta' || ui.phase !== 'ready') return right(ui, event)
  return { ...right({ ...ui, phase: 'answering' }, event), phase: 'ready' }
}

export { paint } from '../solution.ts'
