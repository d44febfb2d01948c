import { createInterface } from 'node:readline'
import { Sentence } from './sentence.ts'

/**
 * Asks for a yes. Without a terminal nothing is asked: whoever writes scripts says it with an option.
 *
 * @throws Sentence without a terminal
 */
export async function askYes(question: string, option = '--yes'): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Sentence(`${question} Say ${option} if you mean it. (With npm run, options go behind --.)`)
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `))
}

/** A line from the keyboard; empty when it was closed instead. */
export function ask(question: string): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    lines.on('close', () => resolve(''))
    lines.question(question, (answer) => {
      resolve(answer.trim())
      lines.close()
    })
  })
}
