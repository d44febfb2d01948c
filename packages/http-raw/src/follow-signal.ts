/**
 * A signal that aborts with another, until it is told to stop: on a kept connection, handlers come and go. Made when it
 * is first asked for, since most handlers never do.
 */
export function followSignal(source: AbortSignal): { readonly signal: AbortSignal; stop(): void } {
  let controller: AbortController | undefined
  let stopped = false
  const follow = () => controller?.abort(source.reason)

  function start(): AbortController {
    controller = new AbortController()
    if (stopped) return controller
    if (source.aborted) follow()
    else source.addEventListener('abort', follow, { once: true })
    return controller
  }

  return {
    get signal() {
      return (controller ?? start()).signal
    },
    stop() {
      stopped = true
      source.removeEventListener('abort', follow)
    },
  }
}
