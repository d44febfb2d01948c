// What a machine can do at most: each leaves out what a decoder is for.
import type { EventStreamItem } from '@sse-from-scratch/sse-client'
import { ours, type Parse } from './parse-rivals.ts'

/** Everything as text, and no event found in it. */
const latin1Only: Parse = (reads, take) => {
  for (const read of reads) take(textOf(read, 'latin1'))
}

const utf8Only: Parse = (reads, take) => {
  for (const read of reads) take(textOf(read, 'utf8'))
}

const lineEndsOnly: Parse = (reads, take) => {
  let sum = 0
  for (const read of reads) {
    const text = textOf(read, 'latin1')
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) sum += at
    take(text)
  }
  if (sum === 0) throw new RangeError('no line ends in there')
}

function textOf({ buffer, byteOffset, length }: Uint8Array, encoding: 'latin1' | 'utf8'): string {
  return Buffer.from(buffer, byteOffset, length).toString(encoding)
}

/** What is left of a loop over objects when nothing has to be decoded: it parses, and awaits each time, as `for await` does. */
function parsedAndAwaited(reads: readonly Uint8Array[]): Parse {
  const all: string[] = []
  ours(reads, (data) => all.push(data))
  return async (_reads, take) => {
    for (const data of all) {
      await undefined
      take(JSON.parse(data).object)
    }
  }
}

/** What is left of short events when every place in them is known: text, two slices, and the objects that are handed on. */
function ticksAlone(reads: readonly Uint8Array[]): Parse {
  const places = reads.map((read) =>
    [...textOf(read, 'latin1').matchAll(/id: (\d+)\ndata: ([\d.]+)\n\n/dg)].map(
      ({ indices }) => indices?.slice(1).flat() ?? [],
    ),
  )
  const all = places.map((events) => Int32Array.from(events.flat()))
  return (reads, take) => {
    const emit = (item: EventStreamItem) => item.kind === 'event' && take(item.event.data)
    for (const [nth, read] of reads.entries()) {
      const text = textOf(read, 'latin1')
      const at = all[nth] as Int32Array
      for (let n = 0; n < at.length; n += 4) {
        const lastEventId = text.slice(at[n], at[n + 1])
        const data = text.slice(at[n + 2], at[n + 3])
        emit({ kind: 'event', event: { type: 'message', data, lastEventId } })
      }
    }
  }
}

/** What is left of long lines when nobody looks for their ends: one copy out of the reads, one into a string. */
function copiesAlone(size: number): Parse {
  const line = new Uint8Array(size)
  return (reads, take) => {
    let held = 0
    for (const read of reads) {
      if (held + read.length > size) {
        take(Buffer.from(line.buffer, 0, held).toString('latin1'))
        held = 0
      }
      line.set(read, held)
      held += read.length
    }
  }
}

/** Each is made ready for the reads that it will be given. */
export const BOUNDS: Readonly<Record<string, (reads: readonly Uint8Array[]) => Parse>> = {
  'latin1 alone': () => latin1Only,
  'utf8 alone': () => utf8Only,
  'latin1 and line ends': () => lineEndsOnly,
  'JSON.parse and an await': parsedAndAwaited,
  'two slices and the objects': ticksAlone,
  'two copies': () => copiesAlone(4 * 1024 * 1024),
}
