import { clipped, textWidth } from '@sse-from-scratch/llm-stream/terminal'
import { expect, test } from 'vitest'
import { createClusterSplitter } from '../src/terminal/clusters.ts'

const DRAWN = `${Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join('')}·…▲▼✓✗`
const BOXES = Array.from({ length: 0xa0 }, (_, n) => String.fromCharCode(0x2500 + n)).join('')

test('what tables are drawn with is as wide as the clusters in it', () => {
  for (const line of [DRAWN, BOXES]) {
    const splitter = createClusterSplitter()
    const clusters = [...splitter.push(line), ...splitter.end()]
    expect(clusters.map(({ text }) => text)).toEqual([...line])
    expect(textWidth(line)).toBe(clusters.reduce((sum, { width }) => sum + width, 0))
    expect(clipped(line, 40)).toBe([...line].slice(0, 40).join(''))
  }
  expect(clipped('ab', -1)).toBe('')
})
