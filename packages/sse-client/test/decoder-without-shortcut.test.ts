import { vi } from 'vitest'

// The machine alone: all that the decoder is tested for must hold without the shortcuts, too.
vi.mock('../src/whole-lines.ts', () => ({ takeWholeLines: (_part: Uint8Array, from: number) => from }))
vi.mock('../src/long-line.ts', () => ({ takeMiddle: () => 0 }))
vi.mock('../src/lone-byte.ts', () => ({ takeLoneByte: () => false }))

await import('./decoder.test.ts')
await import('./decoder-cases/all.ts')
