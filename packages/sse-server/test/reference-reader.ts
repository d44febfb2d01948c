export interface Dispatched {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** HTML §9.2.6, "interpreting an event stream", word for word over a whole stream: slow, and easy to check. */
export function dispatch(stream: string): Dispatched[] {
  const events: Dispatched[] = []
  let [data, type, lastEventId] = ['', '', '']
  for (const line of stream.split(/\r\n|\r|\n/).slice(0, -1)) {
    if (line === '') {
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), lastEventId })
      data = ''
      type = ''
      continue
    }
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') type = value
    if (field === 'data') data += `${value}\n`
    if (field === 'id' && !value.includes('\0')) lastEventId = value
  }
  return events
}
