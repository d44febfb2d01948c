import { expect, test, vi } from 'vitest'

// As in a browser: text by TextDecoder, and none of the methods of Node's Buffer.
vi.mock('../src/text.ts', async (original) => {
  const { portableText, ...others } = await original<typeof import('../src/text.ts')>()
  return { ...others, portableText, text: portableText() }
})

await import('./decoder.test.ts')
await import('./decoder-cases/all.ts')

test('the tests of this file decode with TextDecoder alone', async () => {
  const { createEventDecoder } = await import('@sse-from-scratch/sse-client')
  const portable = vi.spyOn(TextDecoder.prototype, 'decode')
  const slices = Buffer.prototype as unknown as Record<'latin1Slice' | 'utf8Slice', () => string>
  const ofNode = [vi.spyOn(slices, 'latin1Slice'), vi.spyOn(slices, 'utf8Slice')]
  const seen: string[] = []
  createEventDecoder().push(
    new TextEncoder().encode('data: é\n\ndata: a line for the shortcut\n\n'),
    (item) => item.kind === 'event' && seen.push(item.event.data),
  )
  const calls = { portable: portable.mock.calls.length, ofNode: ofNode.map((spy) => spy.mock.calls.length) }
  vi.restoreAllMocks()
  expect(seen).toEqual(['é', 'a line for the shortcut'])
  expect(calls.portable).toBeGreaterThan(1)
  expect(calls.ofNode).toEqual([0, 0])
})
