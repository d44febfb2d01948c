import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) =>
  event.kind === 'erase' ? { ...ui, input: ui.input.slice(0, -1) } : right(ui, event)

export { paint } from '../solution.ts'
