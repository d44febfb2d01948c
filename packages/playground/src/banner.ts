import { styleText } from 'node:util'
import type { Targets } from './targets.ts'

/** What `npm start` says when everything stands. */
export function banner(url: string, targets: Targets, color: boolean): string {
  const strong = (text: string) => (color ? styleText(['bold', 'cyan'], text) : text)
  const dim = (text: string) => (color ? styleText('dim', text) : text)
  const who = Object.entries(targets).map(([wire, { model, simulated }]) => {
    const what = simulated ? 'the embedded simulator' : `the real ${model}`
    return `    ${wire.padEnd(10)} ${what}`
  })
  return [
    '',
    `  ${strong(`${url}/`)}   the page: tokens, and the bytes that carry them`,
    '',
    dim('  the same stream as bytes, in another terminal:'),
    `    curl -N --raw "${url}/events?prompt=hello"`,
    '',
    dim('  who answers:'),
    ...who,
    dim(
      '  a real model: set OPENAI_API_KEY, ANTHROPIC_API_KEY or LLM_BASE_URL=http://localhost:1234/v1 and start again',
    ),
    dim('  stop: Ctrl-C'),
    '',
    '',
  ].join('\n')
}
