import { styleText } from 'node:util'
import type { Target, Targets } from './targets.ts'

export interface Address {
  readonly address: string
  readonly port: number
}

/** Where a browser on this machine finds a server that listens there. */
export function urlOf({ address, port }: Address): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What `npm start` says when everything stands. */
export function banner(address: Address, targets: Targets, color: boolean): string {
  const strong = (text: string) => (color ? styleText(['bold', 'cyan'], text) : text)
  const dim = (text: string) => (color ? styleText('dim', text) : text)
  const url = urlOf(address)
  const simulated = Object.keys(targets).filter((name) => targets[name]?.simulated)
  const real = Object.entries(targets).filter(([name]) => !simulated.includes(name))
  const lines = [
    '',
    `  ${strong(`${url}/`)}   the page: tokens, and the bytes that carry them`,
    ...(isOpen(address) ? ['  Everybody who reaches this machine can use it, and the keys it was given.'] : []),
    '',
    dim('  the same stream as bytes, in another terminal:'),
    `    curl -N --raw "${url}/events?prompt=hello"`,
    '',
    dim('  who answers over which wire format:'),
    ...real.map(([wire, target]) => `    ${wire.padEnd(18)} ${nameOf(target)}`),
    ...(simulated.length > 0 ? [`    the simulator      ${simulated.join(', ')}`] : []),
    ...(real.length === 0
      ? [dim('    a real model: set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or LLM_BASE_URL; see --help')]
      : []),
    '',
    dim('  stop: Ctrl-C'),
    '',
    '',
  ]
  return lines.join('\n')
}

function nameOf({ provider, model }: Target): string {
  // A name is a server's word: no escape sequence of its may reach the terminal.
  return printable(`${model ?? 'the first model listed'} at ${provider.baseUrl}`)
}

/** The text without control and format characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '·')
}

function isOpen({ address }: Address): boolean {
  return !/^127\.|^::1$|^::ffff:127\./.test(address)
}
