import type { CreateSseParser } from '../contract.ts'

export const createSseParser: CreateSseParser = (on) => {
  let isStart = true // of the stream: a BOM may come
  let afterCr = false // the last character ended a line, and was CR: a LF now belongs to it
  let line = '' // as much of a line as has come
  let type = ''
  let data: string[] = []
  let lastEventId = ''

  function takeField(): void {
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon) // a comment has the name '', which no field has
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') data.push(value)
    if (name === 'event') type = value
    if (name === 'id' && !value.includes('\0')) lastEventId = value
  }

  function dispatch(): void {
    const event = { type: type || 'message', data: data.join('\n'), lastEventId }
    const hasData = data.length > 0 // an empty data line is data; a heartbeat has none
    type = ''
    data = []
    if (hasData) on(event)
  }

  return {
    push(text) {
      afterCr = false
      // One character after the other: then a cut is nothing special. What must be remembered is in the variables above.
      for (const char of text) {
        const isOurs = (isStart && char === '\uFEFF') || (afterCr && char === '\n')
        isStart = false
        afterCr = char === '\r' // CR ends its line now: the LF that may follow can be an hour away
        if (isOurs) continue
        if (char !== '\r' && char !== '\n') line += char
        else {
          if (line === '') dispatch()
          else takeField()
          line = ''
        }
      }
    },
    end() {
      line = '' // half an event is no event
      data = []
    },
  }
}
