import { createLineDecoder } from '@sse-from-scratch/tcp-echo'
import type { CreateLineReader } from './contract.ts'

export const createLineReader: CreateLineReader = (onLine) => {
  const decoder = createLineDecoder()
  return {
    push: (bytes) => void decoder.push(bytes, onLine),
    end: () => decoder.end(onLine),
  }
}
