import { createChatView } from '@sse-from-scratch/llm-stream/terminal'
import type { Paint, Turn } from './contract.ts'
import { paint as frame } from './solution.ts'

// The package's conversation is a program (its cli/converse.ts), not a function: `step`, and what stands around the text, are the answer's.
// What wraps and cleans the text is the package's view.
export { step } from './solution.ts'

export const paint: Paint = (ui, cols) => {
  const view = createChatView({ columns: cols, color: false })
  const shown = (text: string) => `${view.take({ kind: 'text', choice: 0, text })}${view.end()}`.replace(/\n$/, '')
  const wrapped = (turn: Turn): Turn => ({
    ...turn,
    text: turn.who === 'you' ? shown(`> ${turn.text}`).slice(2) : shown(turn.text),
  })
  return frame({ ...ui, turns: ui.turns.map(wrapped) }, cols)
}
