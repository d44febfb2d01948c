import type { CreateSseParser } from '../contract.ts'

export const createSseParser: CreateSseParser = (on) => {
  let isStart = true // of the stream: a BOM may come
  let held = false // a CR has come, and what is behind it has not
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

  function endLine(): void {
    if (line === '') dispatch()
    else takeField()
    line = ''
  }

  return {
    push(text) {
      // One character after the other: then a cut is nothing special. What must be remembered is in the variables above.
      for (const char of text) {
        const isOurs = isStart && char === '\uFEFF'
        isStart = false
        if (isOurs) continue
        if (held) {
          held = false
          endLine()
          if (char === '\n') continue
        }
        if (char === '\r') held = true
        else if (char !== '\n') line += char
        else endLine()
      }
    },
    end() {
      line = '' // half an event is no event
      data = []
    },
  }
}
