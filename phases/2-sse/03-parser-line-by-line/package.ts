import { asBytes } from '@sse-from-scratch/course'
import { createEventDecoder } from '@sse-from-scratch/sse-client/decoder'
import type { CreateSseParser } from './contract.ts'

export const createSseParser: CreateSseParser = (on) => {
  const decoder = createEventDecoder()
  return {
    push: (text) => void decoder.push(asBytes(text), (item) => item.kind === 'event' && on(item.event)),
    end: () => decoder.end(() => {}),
  }
}
