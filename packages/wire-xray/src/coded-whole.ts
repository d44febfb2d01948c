import type { CodedOptions } from './coded.ts'
import { type ContentNamer, MESSAGE_BODY } from './name.ts'
import { createPlain } from './plain.ts'
import { type Collected, Ranges } from './ranges.ts'
import { refusalOf } from './refusal.ts'

/** Beginnings of one body that are decompressed, each from the start: more pieces than this are taken together. */
const MAX_BEGINNINGS = 64

/** As `createCodedNamer`, for content that is all there and must be known when `end` returns. */
export function createWholeNamer({ content, find, put, place, createNamer, hearPlain }: CodedOptions): ContentNamer {
  const pieces: { readonly bytes: Uint8Array; readonly from: Collected }[] = []
  const collected = new Ranges()
  const plain = createPlain(find, createNamer, hearPlain)

  /** What comes out of each piece is what its end adds to the beginning. */
  function decodeAll(): void {
    const whole = Buffer.concat(pieces.map(({ bytes }) => bytes))
    const step = Math.ceil(pieces.length / MAX_BEGINNINGS)
    let end = 0
    let known = 0
    pieces.forEach(({ bytes, from }, index) => {
      end += bytes.length
      plain.from(from)
      if ((index + 1) % step !== 0 && index + 1 < pieces.length) return
      const beginning = content.decodeBeginning(whole.subarray(0, end))
      if (beginning.length > known) plain.push(beginning.subarray(known))
      known = beginning.length
    })
  }

  return {
    push(bytes) {
      collected.add(place, 0, bytes.length)
      pieces.push({ bytes, from: collected.take() })
      put(MESSAGE_BODY, bytes.length)
    },
    end() {
      try {
        decodeAll()
      } catch (error) {
        find({ layer: 'body', kind: 'error', ...refusalOf(error), bytes: plain.last })
      }
      plain.end()
    },
  }
}
