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

/**
 * Reads the block "Predict" of a brief: a question, options, and in a part to be opened the right one with `[x]` and
 * `Because: …`, so that who reads the brief does not read the answer before the question is asked. Nothing where there is none.
 */
export function readPrediction({ folder }: Pick<Exercise, 'folder'>): Prediction | undefined {
  const brief = readFileSync(join(folder, 'README.md'), 'utf8')
  const [, block = ''] = /\n## Predict\n([\s\S]*?)(?:\n## |$)/.exec(brief) ?? []
  const [question = ''] = block.split(/\n- \[/, 1)
  const marked = [...block.matchAll(/^- \[([ x])\] (.*(?:\n(?!- |\n).*)*)/gm)].map(([, mark, text = '']) => ({
    isRight: mark === 'x',
    text: text.trim(),
  }))
  const options = [...new Set(marked.map(({ text }) => text))]
  const right = options.indexOf(marked.find(({ isRight }) => isRight)?.text ?? '')
  if (options.length < 2 || right < 0) return undefined
  const [, because = ''] = /^Because: ([\s\S]*?)(?:\n<\/details>|$(?![\s\S]))/m.exec(block) ?? []
  return { question: question.trim(), options, right, because: because.trim() }
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
