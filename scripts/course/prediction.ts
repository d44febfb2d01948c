import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from './exercises.ts'

/** The question of a brief, asked before any code is written. */
export interface Prediction {
  readonly question: string
  readonly options: readonly string[]
  /** The place of the right one, from 0. */
  readonly right: number
  readonly because: string
}

/** Reads the block "Predict" of a brief: a question, options with one `[x]`, and `Because: …`. Nothing where there is none. */
export function readPrediction({ folder }: Pick<Exercise, 'folder'>): Prediction | undefined {
  const brief = readFileSync(join(folder, 'README.md'), 'utf8')
  const [, block = ''] = /\n## Predict\n([\s\S]*?)(?:\n## |$)/.exec(brief) ?? []
  const [question = '', rest = ''] = split(block, /\n(?=- \[)/)
  const [list = '', because = ''] = split(rest, /\n(?=Because: )/)
  const options = list.split(/\n(?=- \[)/).filter((line) => line.startsWith('- ['))
  const right = options.findIndex((option) => option.startsWith('- [x]'))
  if (options.length < 2 || right < 0) return undefined
  return {
    question: question.trim(),
    options: options.map((option) => option.slice('- [x] '.length).trim()),
    right,
    because: because.replace(/^Because: /, '').trim(),
  }
}

function split(text: string, at: RegExp): [string, string] {
  const found = at.exec(text)
  return found === null ? [text, ''] : [text.slice(0, found.index), text.slice(found.index + found[0].length)]
}

/** The letter of an option: a, b, c. */
export function letterOf(option: number): string {
  return String.fromCharCode(97 + option)
}

/** What was predicted, what is so, and why. */
export function lookBack({ options, right, because }: Prediction, chosen: number): string {
  const answer = chosen === right ? 'You were right' : `It is ${options[right]}`
  return `You predicted ${options[chosen] ?? 'nothing'}. ${answer}, because ${because}`
}
