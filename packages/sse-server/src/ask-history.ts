import { historyFailed } from './errors.ts'
import type { EventHistory } from './history.ts'
import type { Session } from './session.ts'
import { withDeadline } from './timers.ts'

/** Who is asked for the past. */
export interface Asked {
  readonly history: EventHistory
  /** Milliseconds one answer of the history may take; 0 for no limit. */
  readonly timeout: number
}

type Answer = ReturnType<EventHistory['after']>

/** What comes after `place`. A history that fails, or takes too long, is the end of the session: `SSE_HISTORY_FAILED`. */
export function ask(session: Session, place: string, { history, timeout }: Asked): Answer {
  try {
    const answer = history.after(place, session.signal)
    if (!isLater(answer)) return answer
    const late = () => session.abort(historyFailed(new Error(`no answer for ${timeout} ms`)))
    return withDeadline(Promise.resolve(answer), timeout, late).catch((cause: unknown) => {
      throw historyFailed(cause)
    })
  } catch (cause) {
    throw historyFailed(cause)
  }
}

export function isLater(answer: Answer): answer is Extract<Answer, PromiseLike<unknown>> {
  return answer !== undefined && 'then' in answer
}
