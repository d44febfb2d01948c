import { asBytes } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import type { CreateDispatcher, ParsedEvent } from './contract.ts'

export const createDispatcher: CreateDispatcher = () => {
  const decoder = createEventDecoder() // has no listeners: that is the EventSource above it
  const listeners: { type: string; listener: (event: ParsedEvent) => void }[] = []
  return {
    on: (type, listener) => void listeners.push({ type, listener }),
    push(field) {
      const line = field.kind === 'field' ? `${field.name}: ${field.value}\n` : '\n'
      decoder.push(asBytes(line), (item) => {
        if (item.kind !== 'event') return
        for (const { type, listener } of listeners) if (type === item.event.type) listener(item.event)
      })
    },
    get lastEventId() {
      return decoder.lastEventId
    },
  }
}
