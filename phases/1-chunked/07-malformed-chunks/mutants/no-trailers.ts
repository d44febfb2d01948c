import type { Diagnose, Diagnosis } from '../contract.ts'

const LARGEST = 16 * 1024 * 1024

export const diagnose: Diagnose = (body) => {
  const text = Buffer.from(body).toString('latin1') // a character for each byte
  let at = 0
  let announced = 0
  for (;;) {
    const [sizeLine, digits] = matchAt(/([0-9a-f]*)[ \t]*(?:;[^\r\n]*)?/iy, text, at)
    if (digits === '' && at < text.length && text[at] !== '\n') return 'bad-size'
    at += sizeLine.length
    const fault = lineFault(text, at, 'bad-size')
    if (fault !== undefined) return fault
    at += 2
    const size = Number.parseInt(digits, 16) // digits only: checked above
    if (size === 0) return lineFault(text, at, 'missing-crlf') ?? 'ok'
    announced += size // before a byte of it has come: who waits for it first has room for it already
    if (announced > LARGEST) return 'too-large'
    at += size
    const ending = lineFault(text, at, 'missing-crlf')
    if (ending !== undefined) return ending
    at += 2
  }
}

/** What is wrong with the end of a line: CR LF, and nothing that merely looks like it (RFC 9112 §2.2). */
function lineFault(text: string, at: number, otherwise: Diagnosis): Diagnosis | undefined {
  if (text.startsWith('\r\n', at)) return undefined
  if (at >= text.length || text.slice(at) === '\r') return 'truncated'
  if (text[at] === '\n') return 'bare-lf'
  return text[at] === '\r' ? 'missing-crlf' : otherwise
}

function matchAt(pattern: RegExp, text: string, at: number): [all: string, group: string] {
  pattern.lastIndex = at
  const [all = '', group = ''] = pattern.exec(text) ?? []
  return [all, group]
}
