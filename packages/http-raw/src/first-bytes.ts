import type { Connection, Receiver } from '@sse-from-scratch/tcp-echo'
import { createAlarm } from './alarm.ts'
import type { ServerSettings } from './server-options.ts'

/** The wait between two requests: the one in which no time but ours is lost. */
export interface FirstBytes {
  /**
   * Calls back with the first bytes to come, or with `null` if there will be none: the client closes, or is gone, which
   * between two requests is no loss and nobody's business; it is too slow to begin; or the server is closing.
   */
  wait(onBytes: (bytes: Uint8Array | null) => void): void
  /** Resolves when the connection is not being read: a wait that was given up still reads. */
  idle(): Promise<void>
  /** For good. */
  stop(): void
}

/** One wait at a time. All that it needs is made once a connection: a request costs no promise here, and no timer. */
export function createFirstBytes(connection: Connection, settings: ServerSettings): FirstBytes {
  const { headTimeout, keepAliveTimeout, closing } = settings
  let waiting: ((bytes: Uint8Array | null) => void) | undefined
  let reading = false
  let onIdle = () => {}

  const giveUp = () => tell(null)
  const firstRequest = createAlarm(headTimeout, giveUp)
  const nextRequest = createAlarm(keepAliveTimeout, giveUp)
  let alarm = firstRequest
  closing?.addEventListener('abort', giveUp, { once: true })

  const receiver: Receiver = {
    onBytes(bytes) {
      reading = false
      onIdle()
      stopAlarm()
      tell(bytes)
    },
    onBroken: () => receiver.onBytes(null),
  }

  function read(): void {
    reading = true
    alarm.start()
    if (connection.receive) connection.receive(receiver)
    else connection.read().then(receiver.onBytes, receiver.onBroken)
  }

  function stopAlarm(): void {
    alarm.stop()
    if (alarm === nextRequest) return
    firstRequest.cancel()
    alarm = nextRequest
  }

  function tell(bytes: Uint8Array | null): void {
    const onBytes = waiting
    waiting = undefined
    onBytes?.(bytes)
  }

  return {
    wait(onBytes) {
      waiting = onBytes
      if (closing?.aborted) giveUp()
      else read()
    },
    async idle() {
      if (!reading) return
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
    },
    stop() {
      firstRequest.cancel()
      nextRequest.cancel()
      closing?.removeEventListener('abort', giveUp)
    },
  }
}
