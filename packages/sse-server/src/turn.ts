/** The platform's own, also where a test has put the clock into its hands later: turns never stand still. */
const { setTimeout } = globalThis

let turn = 0
let isEnding = false

/**
 * Which turn of the event loop this is: a number that stays the same until timers run again. By then what was written in
 * the turn has been given to the sockets. One timer a turn for all sessions together, and none while nothing is written.
 */
export function currentTurn(): number {
  if (!isEnding) {
    isEnding = true
    setTimeout(endTurn, 0)
  }
  return turn
}

function endTurn(): void {
  isEnding = false
  turn++
}
