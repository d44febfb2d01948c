import { vi } from 'vitest'

// Every field is taken by the loop over lines, also the short ones: nothing else may change.
vi.mock('../src/plain-fields.ts', () => ({ takePlainFields: (_view: DataView, from: number) => from }))

await import('./decoder.test.ts')
await import('./decoder-cases/all.ts')
