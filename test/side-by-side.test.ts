import { expect, test } from 'vitest'
import { sideBySide } from '../scripts/docs/side-by-side.ts'

test('the page about OpenAI and Anthropic shows what is in the transcripts, and what becomes of it', () => {
  const { text, upToDate } = sideBySide()
  expect(upToDate, 'npm run docs:llm makes it').toBe(true)
  expect(text).toContain('**complete**')
})
