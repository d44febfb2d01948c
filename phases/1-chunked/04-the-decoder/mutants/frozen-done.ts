import type { CreateChunkDecoder } from '../contract.ts'

type State = 'chunk-size' | 'chunk-data' | 'chunk-data-crlf' | 'trailer-section' | 'done'

export const createChunkDecoder: CreateChunkDecoder = () => {
  // All that must be known from one read to the next is in these three. A cut anywhere then changes nothing.
  let state: State = 'chunk-size'
  let line = '' // as much of a line as has come
  let left = 0 // bytes of chunk-data still to come

  function takeLine(text: string): State {
    if (state === 'chunk-size') {
      const [, size] = /^([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(text) ?? []
      if (size === undefined) throw failure('Malformed', `not a chunk-size: ${JSON.stringify(text)}`)
      left = Number.parseInt(size, 16)
      return left > 0 ? 'chunk-data' : 'trailer-section'
    }
    if (state === 'trailer-section') return text === '' ? 'done' : state // the empty line ends the body, not the size 0
    if (text !== '') throw failure('Malformed', 'the data goes on behind its size')
    return 'chunk-size'
  }

  function takeByte(byte: number): void {
    line += String.fromCharCode(byte)
    if (!line.endsWith('\r\n')) return
    const text = line.slice(0, -2)
    line = ''
    state = takeLine(text)
  }

  return {
    push(bytes) {
      const pieces: Uint8Array[] = []
      let at = 0
      while (at < bytes.length && state !== 'done') {
        if (state !== 'chunk-data') takeByte(bytes[at++] as number)
        else {
          const data = bytes.subarray(at, at + left) // counted, never searched: data may hold anything
          pieces.push(data)
          at += data.length
          left -= data.length
          if (left === 0) state = 'chunk-data-crlf'
        }
      }
      return pieces
    },
    end() {
      if (state !== 'done') throw failure('Truncated', `the stream ended in ${state}`)
    },
    done: (state as State) === 'done', // copied now, and never again
  }
}

function failure(code: 'Malformed' | 'Truncated', message: string): Error {
  return Object.assign(new Error(message), { code })
}
