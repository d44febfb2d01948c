import type { Paint } from '../contract.ts'
import { paint as right } from '../solution.ts'

const ESC = '\u001b'
const HIDDEN = '\ue000'

/** The answer's screen, with what it took out put back in. */
export const paint: Paint = (ui, cols) => {
  const hide = (text: string) => text.replaceAll(ESC, HIDDEN)
  return right({ ...ui, turns: ui.turns.map((turn) => ({ ...turn, text: hide(turn.text) })) }, cols).replaceAll(
    HIDDEN,
    ESC,
  )
}

export { step } from '../solution.ts'
