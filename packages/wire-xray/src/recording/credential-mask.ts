import type { RecordedDirection } from '@sse-from-scratch/llm-stream/recording'
import { createRedactor } from '../redact.ts'
import type { Span } from '../span.ts'
import { createXray } from '../xray.ts'
import { createSecretValues } from './secret-values.ts'

/** Hides credentials in what goes over one connection. */
export interface CredentialMask {
  /** In place, the next bytes of a direction. */
  mask(direction: RecordedDirection, bytes: Uint8Array): void
  /** Bytes are missing in this direction: nobody can say any more where a head begins. */
  giveUp(direction: RecordedDirection): void
}

/** The x-ray knows where credentials are, the redactor which fields have some; `learn` is told what they were. */
export function createCredentialMask(learn: (secret: string) => void): CredentialMask {
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
    { lookInto: false },
  )
  const lost = new Set<RecordedDirection>()
  const createSide = () => ({ redact: createRedactor(), values: createSecretValues(learn) })
  const sides = { up: createSide(), down: createSide() }
  return {
    mask(direction, bytes) {
      if (lost.has(direction)) {
        bytes.fill(STAR)
        return
      }
      const { redact, values } = sides[direction]
      xray.push(direction, bytes)
      const redacted = redact(bytes, spans.splice(0))
      values.push(bytes, redacted)
      bytes.set(redacted)
    },
    giveUp: (direction) => void lost.add(direction),
  }
}

const STAR = 42
