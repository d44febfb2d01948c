import { vi } from 'vitest'

// Every value of a part that is not ASCII is decoded, also those that are: nothing else may change.
vi.mock('../src/mixed-text.ts', async () => {
  const { text } = await import('../src/text.ts')
  return { mixedText: (part: Uint8Array) => (from: number, to: number) => text.utf8(part, from, to) }
})

await import('./decoder.test.ts')
await import('./decoder-cases/all.ts')
