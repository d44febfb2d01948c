import type { ContentPart, RecordedDirection } from '@sse-from-scratch/llm-stream/recording'
import { createRedactor } from '../redact.ts'
import type { Span } from '../span.ts'
import { createXray } from '../xray.ts'
import { createMemberMask, type MemberMask } from './member-mask.ts'
import { createSecretValues } from './secret-values.ts'

/** What of a body is to be hidden, on both ways if it is not said otherwise. */
export interface BodyRules {
  /** Names of JSON members whose values are stars, such as `messages`. Content that is no text is stars altogether. */
  readonly redactMembers?: readonly string[]
  /** Whether the content of requests may be seen. Default true. */
  readonly requestBodies?: boolean
}

/** Hides credentials in what goes over one connection. */
export interface CredentialMask {
  /** In place, the next bytes of a direction. */
  mask(direction: RecordedDirection, bytes: Uint8Array): void
  /** Which of the bytes that were masked last are content, without its framing. */
  contentIn(direction: RecordedDirection): readonly ContentPart[]
  /** Bytes are missing in this direction: nobody can say any more where a head begins. */
  giveUp(direction: RecordedDirection): void
}

const STAR = 42

/** The x-ray knows where credentials are, the redactor which fields have some; `learn` is told what they were. */
export function createCredentialMask(learn: (secret: string) => void, rules: BodyRules = {}): CredentialMask {
  const { redactMembers = [], requestBodies = true } = rules
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
    { lookInto: false },
  )
  const lost = new Set<RecordedDirection>()
  const createSide = () => ({
    redact: createRedactor(),
    values: createSecretValues(learn),
    members: redactMembers.length > 0 ? createMemberMask(redactMembers) : undefined,
    content: [] as ContentPart[],
  })
  const sides = { up: createSide(), down: createSide() }

  /** Says which of the bytes are content, and hides what is to be hidden in it. */
  function takeContent(direction: RecordedDirection, bytes: Uint8Array, named: readonly Span[]): ContentPart[] {
    const { members } = sides[direction]
    const first = named[0]?.start ?? 0
    return named.flatMap(({ layer, element, start, end }): readonly ContentPart[] => {
      if (BEGINS.has(element)) members?.begin()
      if (BEGINS.has(element) || (layer === 'chunked' && element === 'blank-line')) return ['end']
      if (!CONTENT.has(element)) return []
      const part = bytes.subarray(start - first, end - first)
      hide(part, direction, members)
      return [[start - first, end - first]]
    })
  }

  function hide(part: Uint8Array, direction: RecordedDirection, members: MemberMask | undefined): void {
    if (direction === 'up' && !requestBodies) part.fill(STAR)
    else members?.hide(part)
  }

  return {
    mask(direction, bytes) {
      const side = sides[direction]
      side.content = []
      if (lost.has(direction)) {
        bytes.fill(STAR)
        return
      }
      xray.push(direction, bytes)
      const named = spans.splice(0)
      const redacted = side.redact(bytes, named)
      side.values.push(bytes, redacted)
      bytes.set(redacted)
      side.content = takeContent(direction, bytes, named)
    },
    contentIn: (direction) => sides[direction].content,
    giveUp: (direction) => void lost.add(direction),
  }
}

/** What a message begins with. */
const BEGINS: ReadonlySet<string> = new Set(['method', 'http-version'])

/** What is content, or could be: that behind a broken byte, and what is no HTTP. */
const CONTENT: ReadonlySet<string> = new Set(['message-body', 'unreadable', 'tunnel'])
