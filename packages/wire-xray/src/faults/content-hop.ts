import { NOTHING } from '../joined.ts'
import { answerHop, leaveBytes } from './answer-hop.ts'
import type { AnswerHead, Part } from './answer-part.ts'
import { chunkOf, LAST_CHUNK } from './chunk-edit.ts'
import { editHead, type HeadEdit } from './head-edit.ts'
import type { Hop, Leave } from './hop.ts'
import type { HopSetup } from './setup.ts'

/** Makes other content of the content of one answer. */
export interface ContentRewriter {
  /** What leaves in the place of these bytes: the same object, if they stay as they are. */
  push(data: Uint8Array): Uint8Array
  /** What leaves at the end. */
  end(): Uint8Array
  /** Whether the answer ends here, whatever else the server says. */
  readonly isOver?: boolean
  /** What the head must say of it. */
  readonly edit?: HeadEdit
  /** Bytes it keeps. */
  readonly held?: number
}

/**
 * A hop that changes content, and the framing with it: a chunk that stays as it is leaves as it came, another one becomes a
 * chunk of its own. An answer with a Content-Length gets chunks instead, or FIN for its end if that is all its client knows.
 */
export function contentHop(setup: HopSetup, createRewriter: (head: AnswerHead) => ContentRewriter | undefined): Hop {
  let rewriter: ContentRewriter | undefined
  let framing: AnswerHead['framing'] = 'none'
  let isReframed = false
  let isOver = false // the answer, for the client

  function begin(part: AnswerHead, leave: Leave): void {
    rewriter = part.framing === 'none' ? undefined : createRewriter(part)
    isReframed = rewriter !== undefined && part.framing === 'length'
    framing = isReframed ? framingFor(part) : part.framing
    isOver = false
    leaveBytes(rewriter ? editHead(part.bytes, editFor(framing, isReframed, rewriter.edit)) : part.bytes, leave)
  }

  function leaveContent(content: Uint8Array, leave: Leave): void {
    leaveBytes(framing === 'chunked' ? chunkOf(content) : content, leave)
  }

  function leaveEnd(bytes: Uint8Array, leave: Leave): void {
    isOver = true
    leaveBytes(framing === 'chunked' && bytes.length === 0 ? LAST_CHUNK : bytes, leave)
    if (framing === 'close' && rewriter !== undefined) leave({ kind: 'fin' })
  }

  function change(part: Part & { readonly kind: 'data' }, rewriter: ContentRewriter, leave: Leave): void {
    const content = rewriter.push(part.data)
    if (content === part.data && !isReframed) leaveBytes(part.bytes, leave)
    else leaveContent(content, leave)
    if (!rewriter.isOver) return
    leaveContent(rewriter.end(), leave)
    leaveEnd(NOTHING, leave)
  }

  return answerHop(setup, {
    part(part, _now, leave) {
      if (part.kind === 'head') return begin(part, leave)
      if (rewriter === undefined || part.kind === 'interim') return leaveBytes(part.bytes, leave)
      if (isOver) return
      if (part.kind === 'data') return change(part, rewriter, leave)
      if (part.kind !== 'end') return leaveBytes(part.bytes, leave)
      leaveContent(rewriter.end(), leave)
      leaveEnd(part.bytes, leave)
    },
    over(arrival, _now, leave) {
      if (rewriter === undefined || framing !== 'close' || !isOver) leave(arrival)
    },
    get held() {
      return rewriter?.held ?? 0
    },
  })
}

/** Chunks for who knows them (RFC 9112 §6.1). */
function framingFor({ request }: AnswerHead): AnswerHead['framing'] {
  return request?.version === '1.0' ? 'close' : 'chunked'
}

function editFor(framing: AnswerHead['framing'], isReframed: boolean, edit: HeadEdit = {}): HeadEdit {
  if (!isReframed) return edit
  const line = framing === 'chunked' ? 'Transfer-Encoding: chunked' : 'Connection: close'
  const gone = new Set(['content-length', ...(framing === 'close' ? ['connection'] : [])])
  return {
    without: (name) => gone.has(name) || edit.without?.(name) === true,
    lines: [...(edit.lines ?? []), line],
  }
}
