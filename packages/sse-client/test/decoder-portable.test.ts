import { vi } from 'vitest'

// As in a browser: text by TextDecoder, and none of the methods of Node's Buffer.
vi.mock('../src/text.ts', async (original) => {
  const { portableText, ...others } = await original<typeof import('../src/text.ts')>()
  return { ...others, portableText, text: portableText() }
})

await import('./decoder.test.ts')
