import type { CreateChunkDecoder } from '../contract.ts'

type State = 'chunk-size' | 'chunk-data' | 'trailer-section' | 'done'

export const createChunkDecoder: CreateChunkDecoder = () => {
  // All that must be known from one read to the next is in these three. A cut anywhere then changes nothing.
  let state: State = 'chunk-size'
  let line = '' // as much of a line as has come
  let pieces: Uint8Array[] = []

  function takeLine(text: string): State {
    if (state === 'chunk-size') {
      const [, size] = /^([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(text) ?? []
      if (size === undefined) throw failure('Malformed', `not a chunk-size: ${JSON.stringify(text)}`)
      return Number.parseInt(size, 16) > 0 ? 'chunk-data' : 'trailer-section'
    }
    if (state === 'trailer-section') return text === '' ? 'done' : state // the empty line ends the body, not the size 0
    pieces.push(Uint8Array.from(text, (character) => character.charCodeAt(0)))
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
      pieces = []
      let at = 0
      while (at < bytes.length && state !== 'done') takeByte(bytes[at++] as number)
      return pieces
    },
    end() {
      if (state !== 'done') throw failure('Truncated', `the stream ended in ${state}`)
    },
    get done() {
      return state === 'done'
    },
  }
}

function failure(code: 'Malformed' | 'Truncated', message: string): Error {
  return Object.assign(new Error(message), { code })
}
