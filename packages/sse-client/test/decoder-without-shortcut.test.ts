import { vi } from 'vitest'

// The machine alone: all that the decoder is tested for must hold without the shortcut, too.
vi.mock('../src/whole-lines.ts', () => ({ takeWholeLines: (_part: Uint8Array, from: number) => from }))

await import('./decoder.test.ts')
