import { type EncodedEvent, encodeEvent, type Session } from '@sse-from-scratch/sse-server'

export const BLOCK: EncodedEvent = encodeEvent({ data: 'x'.repeat(256 * 1024) })

const MORE_THAN_THE_KERNEL_TAKES = 4 * 1024 * 1024

/** Sends to a reader that has stopped, until a send has to wait. */
export async function untilItWaits(session: Session): Promise<{ waiting: Promise<void> }> {
  for (;;) {
    let settled = false
    const waiting = session.send(BLOCK).finally(() => {
      settled = true
    })
    waiting.catch(() => {})
    // Two turns of the loop: what the kernel takes, it has taken by then.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (!settled && session.unsent > MORE_THAN_THE_KERNEL_TAKES) return { waiting }
  }
}
