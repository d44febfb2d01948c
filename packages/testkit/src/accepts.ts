import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { StartedProcess } from './run.ts'

/** Milliseconds between two knocks. */
const PAUSE = 5

/**
 * Resolves when a program that was started accepts connections on a port of 127.0.0.1. What it says of itself may come
 * before: Squid 5.7 says that it accepts connections, and refuses some for a while.
 *
 * @throws Error with the words of the program when it has ended instead
 */
export async function untilAccepts(port: number, program: StartedProcess): Promise<void> {
  let hasEnded = false
  const end = () => {
    hasEnded = true
  }
  program.ended.then(end, end)
  while (!(await isAccepted(port))) {
    if (hasEnded) throw new Error(`it ended before anybody was let in\n${program.output}`.trim())
    await pause(PAUSE)
  }
}

function isAccepted(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (isIn: boolean) => {
      socket.destroy()
      resolve(isIn)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })
}
