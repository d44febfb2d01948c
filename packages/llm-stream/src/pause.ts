import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'

/** Resolves after so many milliseconds, or rejects with the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const wake = () => {
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(wake, Math.min(milliseconds, LONGEST_TIMER))
    signal.addEventListener('abort', stop, { once: true })
  })
}
