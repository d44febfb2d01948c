import { type ByteSource, byteSourceOf, type EventStreamSource } from './source.ts'
import type { Watch } from './watch.ts'

/** The reads of a source, each one waited for under watch. Whoever stops early cancels the source. */
export async function* bytesOf(source: EventStreamSource, watch: Watch): AsyncGenerator<Uint8Array, void> {
  const body = byteSourceOf(source)
  if (body === null) return // an answer with a null body is an empty stream
  const reads = iteratorOf(body)
  let finished = false // by the source itself
  try {
    for (;;) {
      const read = await watch.wait(() => reads.next())
      finished = read.done === true
      if (read.done) return
      yield read.value
    }
  } catch (error) {
    finished = !watch.signal.aborted // it failed by itself: nothing is left to cancel
    throw error
  } finally {
    if (watch.signal.aborted) abandon(reads, source ?? body, body)
    else if (!finished) await reads.return?.()
  }
}

/** Lets go of a source that may be in the middle of a read: an async generator would only hear `return` after it. */
function abandon(reads: Reads, ...holders: readonly object[]): void {
  const ignore = () => {} // we have our reason for leaving; it is the one that is thrown
  Promise.resolve(reads.return?.()).catch(ignore)
  for (const holder of holders as Partial<AsyncDisposable>[]) holder[Symbol.asyncDispose]?.().then(ignore, ignore)
}

type Reads = Pick<AsyncIterator<Uint8Array, unknown>, 'next' | 'return'>

function iteratorOf(body: ByteSource): Reads {
  if (!('getReader' in body)) return body[Symbol.asyncIterator]()
  const reader = body.getReader() // not every browser can iterate a ReadableStream
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array, unknown>>,
    async return() {
      await reader.cancel()
      return { done: true, value: undefined }
    },
  }
}
