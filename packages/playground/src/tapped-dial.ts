import { type Dial, dial } from '@sse-from-scratch/http-raw'
import type { Connection } from '@sse-from-scratch/tcp-echo'
import { tap } from '@sse-from-scratch/wire-xray'
import type { Run } from './run.ts'
import { createWireRecorder } from './wire.ts'

/** Milliseconds the last bytes of a response may take after the answer is complete. */
const LAST_BYTES = 300

export interface TappedDial {
  readonly dial: Dial
  /** Resolves when no byte will come any more: the last chunk may come after the last word. */
  closed(): Promise<void>
}

/**
 * Connections whose incoming bytes are told to `run.bytes`, but for `secrets`.
 * What goes out carries the key and is not looked at.
 */
export function createTappedDial(run: Run, secrets: readonly string[]): TappedDial {
  const connections: Connection[] = []
  const recorders: (() => void)[] = []
  return {
    async dial(url, options) {
      const dialed = await dial(url, options)
      const connection = run.xray ? run.xray.model(dialed) : dialed
      // A redirect or a second attempt brings another connection: its response begins anew.
      const line = connections.push(connection)
      if (line > 1) run.mark('model', 'request', `Request ${line}, on a connection of its own.`)
      const recorder = createWireRecorder({ leg: 'model', line, run, secrets })
      recorders.push(recorder.flush)
      return tap(connection, ({ direction, bytes }) => {
        if (direction === 'read') recorder.take(bytes)
      })
    },
    async closed() {
      const late = AbortSignal.timeout(LAST_BYTES)
      await Promise.all(connections.map(({ signal }) => aborted(AbortSignal.any([signal, late]))))
      for (const flush of recorders) flush()
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
