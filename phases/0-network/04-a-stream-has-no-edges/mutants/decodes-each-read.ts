import type { CreateLineReader } from '../contract.ts'

export const createLineReader: CreateLineReader = (onLine) => {
  const utf8 = new TextDecoder()
  let rest = ''
  return {
    push(bytes) {
      const lines = (rest + utf8.decode(bytes)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line.replace(/\r$/, ''))
    },
    end() {
      rest += utf8.decode()
      if (rest !== '') onLine(rest)
    },
  }
}
