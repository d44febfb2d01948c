import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => {
  if (event.kind !== 'enter' || ui.phase !== 'ready') return right(ui, event)
  const { turns } = right({ ...ui, input: 'anything' }, event)
  return {
    phase: 'answering',
    input: '',
    turns: turns.map((turn) => (turn.text === 'anything' ? { ...turn, text: ui.input } : turn)),
  }
}

export { paint } from '../solution.ts'
