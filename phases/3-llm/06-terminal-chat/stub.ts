import { todo } from '@sse-from-scratch/course'
import type { Paint, Step } from './contract.ts'

// Of use, from '@sse-from-scratch/llm-stream/terminal':
//   textWidth('世界')                how many cells a text takes: 4
//   clipped('a long line', 6)        as much of a line as fits into so many cells: 'a long'
//   createSanitizer()(text)         the text without what a terminal would obey
export const step: Step = (_ui, _event) => todo('3.6 step')

export const paint: Paint = (_ui, _cols) => todo('3.6 paint')
