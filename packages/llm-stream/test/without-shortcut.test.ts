import { expect, test, vi } from 'vitest'
import { parseJson } from '../src/json.ts'

test('all transcripts come to the same without the shortcut past JSON.parse', async () => {
  const usual = await import('./transcripts.ts')
  vi.doMock('../src/providers/repeated-json.ts', () => ({ createJsonReader: () => parseJson }))
  vi.resetModules()
  const plain = await import('./transcripts.ts')
  expect(plain.decode).not.toBe(usual.decode)

  for (const [at, { name, provider, body }] of usual.transcripts.entries()) {
    const other = plain.transcripts[at]
    if (!other) throw new Error(`${name} is missing`)
    const [whole, expected] = [usual.decode(provider, [body]), plain.decode(other.provider, [body])]
    expect(JSON.stringify(whole), name).toBe(JSON.stringify(expected))
  }
})
