import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import { type Clock, createReplay } from '@sse-from-scratch/llm-stream/simulator'
import { type Listener, type ListenOptions, listen } from '@sse-from-scratch/tcp-echo'

/** How fast to replay, and what `listen` of tcp-echo can be told. */
export interface ServeRecordingOptions extends ListenOptions {
  /** 1, the default, is as it was, 4 is four times as fast, 0 without any pauses. */
  readonly speed?: number
  /** Whose time it is. Default: the system's. */
  readonly clock?: Clock
}

/**
 * Replays a recording as the server: a request gets the answer that was recorded for its method and target, in the same
 * reads, each as long after the request as it was, with the same end (FIN, RST, silence).
 *
 * Rejects with a TypeError for a recording that has no answer, or of whose answers bytes are missing (a gap); with a
 * RangeError for a speed that is none; and as `listen` does.
 */
export async function serveRecording(recording: Recording, options: ServeRecordingOptions = {}): Promise<Listener> {
  const { speed = 1, clock, ...more } = options
  return await listen(createReplay(recording, checkedSpeed(speed), clock), more)
}

/** @throws RangeError */
export function checkedSpeed(speed: number): number {
  if (speed >= 0 && speed < Number.POSITIVE_INFINITY) return speed
  throw new RangeError(`a speed is 0 or more, not ${speed}`)
}
