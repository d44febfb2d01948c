import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => {
  const next = right(ui, event)
  if (event.kind !== 'interrupt' || ui.phase !== 'answering') return next
  return { ...next, turns: next.turns.map((turn) => (turn.who === 'model' ? { ...turn, text: '' } : turn)) }
}

export { paint } from '../solution.ts'
