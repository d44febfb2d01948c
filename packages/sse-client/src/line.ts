import { LONGEST_TIMER } from '@sse-from-scratch/tcp-echo/limits'
import { addData, type Block, dispatch, setId, setType } from './block.ts'
import type { EventStreamItem } from './event.ts'
import { type FieldName, fieldName } from './field-name.ts'
import { text } from './text.ts'

type Emit = (item: EventStreamItem) => void

const COLON = 0x3a
const SPACE = 0x20

/** Processes a line without its end; the blank one dispatches. */
export function takeLine(block: Block, bytes: Uint8Array, from: number, to: number, emit: Emit): void {
  if (from === to) {
    dispatch(block, emit)
    return
  }
  let colon = from
  while (colon < to && bytes[colon] !== COLON) colon++
  const start = Math.min(valueAfter(bytes, colon), to)
  const name = fieldName(bytes, from, colon)
  if (colon === from) emit({ kind: 'comment', text: text.utf8(bytes, start, to) })
  else if (name !== undefined) takeField(block, name, text.utf8(bytes, start, to), to - start, emit)
}

/** Where the value begins: behind the colon, and behind one space if there is one. */
export function valueAfter(bytes: Uint8Array, colon: number): number {
  return bytes[colon + 1] === SPACE ? colon + 2 : colon + 1
}

function takeField(block: Block, name: FieldName, value: string, size: number, emit: Emit): void {
  switch (name) {
    case 'data':
      addData(block, value, size)
      break
    case 'event':
      setType(block, value, size) // an empty one too: the last one counts
      break
    case 'id':
      if (!value.includes('\0')) setId(block, value, size)
      break
    case 'retry': // takes effect now, not at the blank line
      if (/^[0-9]+$/.test(value)) emit({ kind: 'retry', milliseconds: Math.min(Number(value), LONGEST_TIMER) })
  }
}
