import type { CreateDispatcher, ParsedEvent } from '../contract.ts'

export const createDispatcher: CreateDispatcher = () => {
  const listeners = new Map<string, ((event: ParsedEvent) => void)[]>()
  let type = ''
  let data: string[] = []
  let id = '' // of the lines so far; never forgotten, only replaced
  let lastEventId = ''

  function takeField(name: string, value: string): void {
    if (name === 'event') type = value
    if (name === 'data') data.push(value)
    if (name === 'id' && value && !value.includes('\0')) id = value
  }

  function dispatch(): void {
    lastEventId = id // only now: an event that was cut off must not count as heard
    const event = { type: type || 'message', data: data.join('\n'), lastEventId }
    const isEvent = data.length > 0
    type = ''
    data = []
    if (isEvent) for (const listener of listeners.get(event.type) ?? []) listener(event)
  }

  return {
    on(type, listener) {
      listeners.set(type, [...(listeners.get(type) ?? []), listener])
    },
    push(field) {
      if (field.kind === 'empty-line') dispatch()
      else takeField(field.name, field.value)
    },
    get lastEventId() {
      return lastEventId
    },
  }
}
