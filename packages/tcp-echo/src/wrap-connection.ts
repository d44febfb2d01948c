import type { Connection, Receiver, Watcher } from './connection.ts'

/** What a wrapped connection does its own way. */
export type ConnectionChanges = Partial<
  Pick<Connection, 'read' | 'receive' | 'unread' | 'write' | 'send' | 'end' | 'abort' | typeof Symbol.asyncDispose>
>

/**
 * The same connection, but for what `changes` has.
 *
 * Nothing gets past a change: with a `read` of its own it has no `receive` but its own, and with a `write` of its own no
 * `send` but its own; `for await` reads as `read` does.
 */
export function wrapConnection(connection: Connection, changes: ConnectionChanges): Connection {
  const receives = connection.receive !== undefined && changes.read === undefined
  const sends = connection.send !== undefined && changes.write === undefined

  const wrapped: Connection = {
    local: connection.local,
    remote: connection.remote,
    get signal() {
      return connection.signal // made when it is asked for
    },
    ...(connection.watch && { watch: (watcher: Watcher) => connection.watch?.(watcher) }),
    ...(connection.unwatch && { unwatch: (watcher: Watcher) => connection.unwatch?.(watcher) }),
    get unsent() {
      return connection.unsent
    },
    read: () => connection.read(),
    ...(receives && { receive: (receiver: Receiver) => connection.receive?.(receiver) }),
    unread: (bytes) => connection.unread(bytes),
    write: (...parts) => connection.write(...parts),
    ...(sends && { send: (latin1: string, isLast?: boolean) => connection.send?.(latin1, isLast) }),
    end: () => connection.end(),
    abort: (reason) => connection.abort(reason),
    ...(connection.ref && { ref: () => connection.ref?.() }),
    ...(connection.unref && { unref: () => connection.unref?.() }),
    async *[Symbol.asyncIterator]() {
      for (let bytes = await wrapped.read(); bytes !== null; bytes = await wrapped.read()) yield bytes
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    ...changes,
  }
  return wrapped
}
