import { printable } from './printable.ts'

/** Why a stream is unreadable from some byte on. */
export interface Refusal {
  /** The stable code. */
  readonly code?: string
  /** One line for people. */
  readonly summary: string
}

/** What a decoder says about a byte it refused, made safe to print. */
export function refusalOf(error: unknown): Refusal {
  const summary = printable(error instanceof Error ? error.message : String(error), 160)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? { code, summary } : { summary }
}
