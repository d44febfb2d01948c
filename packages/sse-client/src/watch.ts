import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { SseError } from './errors.ts'
import { onAbort } from './on-abort.ts'

/** The patience of one connection: every wait on it ends when the caller says so, or when nothing has come for too long. */
export interface Watch {
  /** For whoever opens the connection; its reason is why we let go. */
  readonly signal: AbortSignal
  /** Does one step, or rejects with the reason of {@link signal} the moment there is one, even if the step never ends. */
  wait<T>(step: () => Promise<T>): Promise<T>
  /** Lets go of the connection. */
  abort(): void
  /** Stops listening to the caller, and leaves the connection alone. */
  end(): void
}

/**
 * @param idleTimeout milliseconds one wait may take, 0 for ever; then the reason is `SSE_IDLE_TIMEOUT`
 * @throws RangeError when that is no time
 */
export function createWatch(caller: AbortSignal | undefined, idleTimeout: number = 0): Watch {
  assertIdleTimeout(idleTimeout)
  const controller = new AbortController()
  const { signal } = controller
  let interrupt: (reason: unknown) => void = () => {}

  function abort(reason?: unknown): void {
    controller.abort(reason)
    interrupt(signal.reason) // a transport that does not listen must not keep us
  }
  const onCallerAbort = () => abort(caller?.reason)
  const forgetCaller = onAbort(caller, onCallerAbort)
  const onIdle = () => abort(new SseError('SSE_IDLE_TIMEOUT', `nothing arrived for ${idleTimeout} ms`))

  if (caller?.aborted) onCallerAbort()

  return {
    signal,
    abort: () => abort(),
    async wait(step) {
      signal.throwIfAborted()
      const timer = idleTimeout > 0 && idleTimeout <= LONGEST_TIMER ? setTimeout(onIdle, idleTimeout) : undefined
      try {
        return await new Promise((resolve, reject) => {
          interrupt = reject
          step().then(resolve, reject)
        })
      } finally {
        clearTimeout(timer)
        interrupt = () => {}
      }
    },
    end: forgetCaller,
  }
}

/**
 * Caller's mistakes are found before anything is sent.
 *
 * @throws RangeError when it is not 0 or more milliseconds
 */
export function assertIdleTimeout(idleTimeout: number = 0): void {
  if (typeof idleTimeout === 'number' && idleTimeout >= 0) return
  throw new RangeError(`idleTimeout must be 0 or more milliseconds, not ${JSON.stringify(idleTimeout)}`)
}
