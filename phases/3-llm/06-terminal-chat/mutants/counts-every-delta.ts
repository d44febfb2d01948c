import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) =>
  right(
    ui,
    event.kind === 'delta' && event.delta.kind !== 'text' ? { ...event, delta: { kind: 'text', text: '' } } : event,
  )

export { paint } from '../solution.ts'
