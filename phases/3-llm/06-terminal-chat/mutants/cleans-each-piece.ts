import { createSanitizer } from '@sse-from-scratch/llm-stream/terminal'
import type { Step } from '../contract.ts'
import { step as right } from '../solution.ts'

export const step: Step = (ui, event) => {
  if (event.kind !== 'delta' || event.delta.kind !== 'text') return right(ui, event)
  return right(ui, { ...event, delta: { kind: 'text', text: createSanitizer()(event.delta.text) } })
}

export { paint } from '../solution.ts'
