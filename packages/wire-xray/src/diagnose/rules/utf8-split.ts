import type { FindingItem } from '../../proxy/item.ts'
import type { Evidence, Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

/** A read or a chunk that ends inside of a character: whoever decodes each by itself breaks it. */
export function utf8Split(look: Look): Verdict | undefined {
  const { content, isCompressed, mediaType } = look
  if (!content || isCompressed || !(mediaType.startsWith('text/') || mediaType.includes('json'))) return undefined
  const [reads, chunks] = [splitReads(look), splitChunks(look, content)]
  const [first] = [...reads, ...chunks]
  if (!first) return undefined
  const what = [...counted(reads.length, 'read'), ...counted(chunks.length, 'chunk')].join(', and ')
  return {
    code: 'UTF8_SPLIT',
    severity: 'info',
    confidence: 'certain',
    text: `${what} inside of a character, as they may`,
    fix: 'Nothing, for clients that decode with { stream: true }; others show � there.',
    evidence: [first],
  }
}

function counted(count: number, what: string): readonly string[] {
  if (count === 0) return []
  return [count === 1 ? `a ${what} ends` : `${count} ${what}s end`]
}

function splitReads({ reads, head }: Look): readonly Evidence[] {
  const body = head?.finding.bytes.at(-1)?.[1] ?? 0
  return reads
    .filter(({ bytes, range }, n) => {
      const next = reads[n + 1]?.bytes?.[0]
      return range[1] > body && bytes !== undefined && next !== undefined && isContinuation(next) && isCutInside(bytes)
    })
    .map(({ at, range }) => ({ at, direction: 'down', bytes: range, what: 'read' }))
}

/** An event that several chunks carry has a range in each. */
function splitChunks({ events }: Look, content: Uint8Array): readonly Evidence[] {
  return events.flatMap((event) => {
    const splits = endsInside(event).filter(
      (end) => isContinuation(content[end] ?? 0) && isCutInside(content.subarray(0, end)),
    )
    return splits.map(() => seen(event))
  })
}

/** Where in the content chunks end in the middle of an event. */
function endsInside({ finding: { bytes, body } }: FindingItem): readonly number[] {
  let at = body?.[0] ?? 0
  return bytes.slice(0, -1).map(([start, end]) => {
    at += end - start
    return at
  })
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

/** Whether the last character of the bytes lacks some of its own (RFC 3629 §3). */
function isCutInside(bytes: Uint8Array): boolean {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (!isContinuation(byte)) return byte >= 0xc2 && back < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)
  }
  return false
}
