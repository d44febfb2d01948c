/**
 * Makes `return` and `throw` hang up first.
 *
 * An async generator that is waiting hears `return` only when the wait is over, and for an event stream
 * that may be never. So we end the wait.
 */
export function hangUpOnReturn<T>(
  over: AbortController,
  events: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> & AsyncDisposable {
  const hangUp = () => {
    over.abort()
    return events.return()
  }
  return {
    next: () => events.next(),
    return: hangUp,
    async throw(error) {
      await hangUp()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await hangUp()
    },
  }
}
