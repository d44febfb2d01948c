import type { CreateLineReader } from './contract.ts'

export const createLineReader: CreateLineReader = (onLine) => {
  const utf8 = new TextDecoder() // with `stream`, it keeps half a character until the other half has come
  let rest = '' // what has come of the line that is not over yet

  return {
    push(bytes) {
      const lines = (rest + utf8.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() ?? '' // behind the last LF: the beginning of a line, or nothing
      // Only now, with the LF there, is a CR before it a part of the end. At the end of a read nobody knows yet.
      for (const line of lines) onLine(line.replace(/\r$/, ''))
    },
    end() {
      rest += utf8.decode()
      if (rest !== '') onLine(rest)
    },
  }
}
