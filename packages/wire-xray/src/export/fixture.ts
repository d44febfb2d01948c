import { latin1 } from '@sse-from-scratch/http-raw'
import type { RecordedRead, Recording } from '@sse-from-scratch/llm-stream/recording'

/**
 * The recording as a module for a test: `connections`, each with the reads of both directions, in order and cut where they
 * were cut, and how it ended. It imports nothing.
 */
export function toFixture({ head, entries }: Recording): string {
  const numbers = [...new Set(entries.map(({ connection }) => connection))]
  const connections = numbers.map((number) => connectionOf(entries.filter(({ connection }) => connection === number)))
  return `// What was read from and written to ${oneLine(head.target)} at ${oneLine(head.startedAt)}. Secrets are stars.

/** One read, or one write: when (milliseconds), which way, and what. */
export interface Read {
  readonly at: number
  readonly direction: 'up' | 'down'
  readonly bytes: Uint8Array
}

export const connections: readonly { readonly reads: readonly Read[]; readonly end: string }[] = [
${connections.join('\n')}
]

function read(at: number, direction: Read['direction'], text: string): Read {
  return { at, direction, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) }
}
`
}

function connectionOf(entries: readonly RecordedRead[]): string {
  const reads = entries.flatMap((entry) =>
    entry.kind === 'bytes'
      ? [`      read(${Math.round(entry.at * 1000) / 1000}, '${entry.direction}', ${literal(entry.bytes)}),`]
      : [],
  )
  const end = entries.flatMap((entry) => endOf(entry)).join(', ')
  return `  {\n    reads: [\n${reads.join('\n')}\n    ],\n    end: '${end || 'open'}',\n  },`
}

function endOf(entry: RecordedRead): readonly string[] {
  if (entry.kind === 'fin' || entry.kind === 'reset') return [`${entry.kind} ${entry.direction}`]
  if (entry.kind === 'error') return [oneLine(`error ${entry.code}`)]
  if (entry.kind === 'gap') return [`gap ${entry.direction} ${entry.size}`]
  return entry.kind === 'stall' ? [`stall ${entry.milliseconds}`] : []
}

/** A character a byte, all of them ASCII in the source. */
function literal(bytes: Uint8Array): string {
  return JSON.stringify(latin1(bytes)).replace(
    /[\x7f-\xff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  )
}

/** Nothing that ends a comment or a string. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]|['\\]/g, '?')
}
