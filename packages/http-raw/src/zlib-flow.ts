import type { ContentDecoder } from './content-coding.ts'
import { HttpError } from './errors.ts'

/** A stream of node:zlib, asked instead of listened to: what goes in, and what comes out because of it. */
export interface ZlibFlow {
  write(piece: Uint8Array): AsyncGenerator<Uint8Array, void>
  end(): AsyncGenerator<Uint8Array, void>
  /** Frees its memory, which the garbage collector does not see. */
  destroy(): void
}

export function zlibFlow(name: string, decoder: ContentDecoder): ZlibFlow {
  let fed = 0
  let failure: Error | undefined
  let wake = () => {}
  decoder.on('readable', () => wake())
  decoder.on('error', (error) => {
    failure = error
    wake()
  })

  /** Gives out until `start` has been done, and all that it leads to has come out. */
  async function* output(start: (done: () => void) => void): AsyncGenerator<Uint8Array, void> {
    let finished = false
    start(() => {
      finished = true
      wake()
    })
    for (;;) {
      const bytes: Uint8Array | null = decoder.read()
      if (bytes !== null) yield bytes
      else if (failure) throw codingError(failure, name)
      else if (finished) return
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }

  return {
    async *write(piece) {
      fed += piece.length
      yield* output((done) => decoder.write(piece, () => done()))
      if (decoder.bytesWritten < fed) throw new HttpError('HTTP_BAD_CODING', `something follows the end of the ${name}`)
    },
    end: () =>
      output((done) => {
        if (decoder.readableEnded) return done()
        // The callback of end() says that all has gone in, which is before zlib has looked at it.
        decoder.once('end', done).end()
      }),
    destroy() {
      decoder.destroy()
    },
  }
}

/** For zlib, an input that stops short is a lack of buffer space. */
function codingError(cause: NodeJS.ErrnoException, name: string): HttpError {
  if (cause.code === 'Z_BUF_ERROR') {
    return new HttpError('HTTP_INCOMPLETE', `the body ends before its ${name} does`, { cause })
  }
  return new HttpError('HTTP_BAD_CODING', `the body is not ${name}`, { cause })
}
