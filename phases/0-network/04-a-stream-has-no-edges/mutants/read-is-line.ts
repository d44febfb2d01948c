import type { CreateLineReader } from '../contract.ts'

export const createLineReader: CreateLineReader = (onLine) => ({
  push: (bytes) => onLine(new TextDecoder().decode(bytes).trimEnd()),
  end() {},
})
