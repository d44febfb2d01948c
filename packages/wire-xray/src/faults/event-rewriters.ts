import { type FailureName, type StreamWords, streamWords } from '@sse-from-scratch/llm-stream/simulator'
import type { ServerSentEvent } from '@sse-from-scratch/sse-client/decoder'
import { joined, NOTHING } from '../joined.ts'
import type { AnswerHead } from './answer-part.ts'
import type { ContentRewriter } from './content-hop.ts'
import { type EventFinder, eventFinderFor } from './events.ts'

/** What becomes of an event: it stays, it goes, or this comes in its place and the answer ends. */
type Fate = 'stays' | 'goes' | { readonly last: Uint8Array }

/** Decides about each event of an answer when it is whole; `block` is its bytes, with all since the one before it. */
function eventRewriter(finder: EventFinder, fateOf: (event: ServerSentEvent, n: number) => Fate): ContentRewriter {
  let begun = NOTHING // of the event that is not whole
  let n = 0
  let isOver = false

  /** All of it, when nothing was changed and nothing is kept: then it leaves as it came. */
  function push(data: Uint8Array): Uint8Array {
    const out: Uint8Array[] = []
    let at = 0
    let isSame = begun.length === 0
    for (const { event, end } of finder.push(data)) {
      const fate = fateOf(event, ++n)
      const block = joined([begun, data.subarray(at, end)])
      begun = NOTHING
      at = end
      isSame &&= fate === 'stays'
      if (fate === 'stays') out.push(block)
      if (typeof fate !== 'object') continue
      isOver = true
      return joined([...out, fate.last])
    }
    begun = joined([begun, data.subarray(at)])
    return isSame && begun.length === 0 ? data : joined(out)
  }

  return {
    push,
    end() {
      const rest = isOver ? NOTHING : begun
      begun = NOTHING
      return rest
    },
    get isOver() {
      return isOver
    },
    get held() {
      return begun.length
    },
  }
}

/** Without the n-th event. */
export function dropRewriter(head: AnswerHead, wanted: number): ContentRewriter | undefined {
  const finder = eventFinderFor(head.head)
  return finder && eventRewriter(finder, (_event, n) => (n === wanted ? 'goes' : 'stays'))
}

/** An error of the service in the place of the n-th event, or of its last mark if that comes before; and then the end. */
export function errorRewriter(head: AnswerHead, failure: FailureName, wanted: number): ContentRewriter | undefined {
  const finder = eventFinderFor(head.head)
  const words = wordsFor(head)
  if (!finder || !words) return undefined
  const isLast = words.createEndWatch()
  return eventRewriter(finder, (event, n) =>
    isLast(event) || n === wanted ? { last: words.failure(failure) } : 'stays',
  )
}

/** Without the mark that says that the answer is whole (`[DONE]`, `message_stop`, …). */
export function noDoneRewriter(head: AnswerHead): ContentRewriter | undefined {
  const finder = eventFinderFor(head.head)
  const isLast = wordsFor(head)?.createEndWatch()
  return finder && isLast && eventRewriter(finder, (event) => (isLast(event) ? 'goes' : 'stays'))
}

function wordsFor({ request }: AnswerHead): StreamWords | undefined {
  return request && streamWords(request)
}
