/** Streams to decode: made, and always the same. */

const MIB = 1024 * 1024
const WORDS = ['hello', ' world', ' the', ' stream', ' of', ' tokens', ' is', ' quite', ' long', '.']
const FOREIGN = [' größer', ' 日本語', ' 🎉', ' déjà vu', ' тест']

/** Chunks of about 250 bytes as OpenAI sends them; one in `1 / share` has a word that is not ASCII. */
export function openAiChunks(share = 0, lineEnd = '\n'): Uint8Array {
  return stream(MIB, (nth) => {
    const isForeign = share > 0 && nth % Math.round(1 / share) === 0
    const word = isForeign ? FOREIGN[((nth * share) % FOREIGN.length) | 0] : WORDS[nth % WORDS.length]
    const data = `{"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4.1-2025-04-14","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}]}`
    return `data: ${data}${lineEnd}${lineEnd}`
  })
}

/** An event line and a data line, as Anthropic sends them. */
export function anthropicPairs(): Uint8Array {
  return stream(MIB, (nth) => {
    const data = `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${WORDS[nth % WORDS.length]}"}}`
    return `event: content_block_delta\ndata: ${data}\n\n`
  })
}

export function shortTicks(): Uint8Array {
  return stream(MIB / 2, (nth) => `id: ${100_000 + nth}\ndata: ${(nth % 1000) / 10}\n\n`)
}

/** A document with 64 lines, as pretty-printed JSON has them. */
export function manyLines(): Uint8Array {
  const value = { name: 'x', list: [1, 2, 3], deep: { is: true, text: 'a longer line of text, as they come' } }
  const lines = JSON.stringify(value, undefined, 2).split('\n')
  const event = Array.from({ length: 64 }, (_, nth) => `data: ${lines[nth % lines.length]}\n`).join('')
  return stream(MIB, () => `${event}\n`)
}

/** Eight lines of 4 MiB. */
export function longLines(): Uint8Array {
  return stream(32 * MIB, () => `data: ${'x'.repeat(4 * MIB)}\n\n`)
}

function stream(size: number, event: (nth: number) => string): Uint8Array {
  const events: string[] = []
  for (let length = 0, nth = 0; length < size; nth++) {
    const text = event(nth)
    events.push(text)
    length += text.length
  }
  return Buffer.from(events.join(''))
}

/** Reads of `size` bytes, each with memory of its own, as sockets give them. */
export function inReadsOf(size: number, bytes: Uint8Array): Uint8Array[] {
  const reads: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) reads.push(new Uint8Array(bytes.subarray(at, at + size)))
  return reads
}

/** A read for each event, which is how a server sends them that has one at a time. */
export function inEvents(bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1')
  return text
    .split(/(?<=\n\r?\n)/)
    .filter((event) => event !== '')
    .map((event) => new Uint8Array(Buffer.from(event, 'latin1')))
}
