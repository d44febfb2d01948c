import type { CreateSseParser } from '../contract.ts'

export const createSseParser: CreateSseParser = (on) => {
  let isStart = true
  let rest = ''
  let lastEventId = ''

  function takeEvent(block: string): void {
    let type = 'message'
    const data: string[] = []
    for (const line of block.split(/\r\n|\r|\n/)) {
      const colon = line.indexOf(':')
      const name = colon === -1 ? line : line.slice(0, colon)
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (name === 'data') data.push(value)
      if (name === 'event') type = value || 'message'
      if (name === 'id' && !value.includes('\0')) lastEventId = value
    }
    if (data.length > 0) on({ type, data: data.join('\n'), lastEventId })
  }

  return {
    push(text) {
      rest += isStart ? text.replace(/^\uFEFF/, '') : text
      if (text !== '') isStart = false
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) takeEvent(block)
    },
    end() {
      rest = ''
    },
  }
}
