import { SessionError } from './errors.ts'

/**
 * Where a session's bytes go. A body of http-raw is one as it stands; node:http and Response need a few lines.
 *
 * Once `signal` has aborted, every promise this sink ever returned must settle: a writer who waits for room must
 * not wait for a client that has left.
 */
export interface EventSink {
  /** Takes bytes now, without changing them; the promise, if any, says when it is polite to send more. */
  write(bytes: Uint8Array): Promise<void> | void
  /**
   * {@link write} for publishers, if there is a shorter way: nobody waits for it, and that it failed shows in `signal`.
   * The same bytes go to many sinks and never change, so what is made of them once may be kept for the next. A channel
   * gives a sink that has it all events of a turn at once, when the turn is over; one that has not, each as it is published.
   */
  push?(bytes: Uint8Array): void
  /** Ends the body in good order, after everything written so far. */
  end(): Promise<void> | void
  /** Drops the body in a way the client can tell from an end. */
  abort(reason?: unknown): void
  /** Bytes taken that have not left this process. */
  readonly unsent: number
  /** Aborts when there is nobody left to write to. */
  readonly signal: AbortSignal
  /**
   * {@link signal} for a session, if there is a way that takes less memory: tells `watcher` once, when the signal would abort;
   * before it returns, if it has. A sink that has it has {@link unwatch} as well, and no timer of its own for its heartbeat.
   */
  watch?(watcher: SinkWatcher): void
  /** Takes {@link watch} back. */
  unwatch?(watcher: SinkWatcher): void
}

/** Who wants to know that nobody is left. Must not throw. */
export interface SinkWatcher {
  /** `reason` is that of the sink's signal. */
  onOver(reason: unknown): void
}

/** The sink of a request that gets no stream: its client has left already, or asked with HEAD (RFC 9110 §9.3.2). */
export const NOBODY: EventSink = {
  write() {},
  end() {},
  abort() {},
  unsent: 0,
  signal: AbortSignal.abort(new SessionError('SSE_CLIENT_GONE', 'nobody waits for this stream')),
}
