import { asBytes } from '@sse-from-scratch/course'
import { diagnose } from '#ex/07-malformed-chunks'

// One body, two forgiving readers, two different stories: that is request smuggling.
const hidden = '0\r\n\r\nGET /admin HTTP/1.1\r\nHost: internal\r\n\r\n'
const size = hidden.length.toString(16)
const wire = `${size};a\n${'x'.repeat(hidden.length)}\r\n${hidden}\r\n0\r\n\r\n`

/** Reads chunks. Only where the size line ends differs from reader to reader. */
function read(text: string, lineEnd: RegExp): { chunks: string[]; rest: string } {
  const chunks: string[] = []
  for (let rest = text; ; ) {
    const end = lineEnd.exec(rest)
    const size = Number.parseInt(rest, 16)
    if (end === null || Number.isNaN(size)) return { chunks, rest }
    rest = rest.slice(end.index + end[0].length)
    if (size === 0) return { chunks, rest: rest.slice(2) }
    chunks.push(rest.slice(0, size))
    rest = rest.slice(size + 2)
  }
}

console.log(`on the wire:\n  ${JSON.stringify(wire)}\n`)
for (const [name, lineEnd] of [
  ['a proxy that looks for CR LF', /\r\n/],
  ['a server to which LF ends a line', /\r?\n/],
] as const) {
  const { chunks, rest } = read(wire, lineEnd)
  console.log(`${name} reads the body\n  ${JSON.stringify(chunks)}`)
  console.log(
    rest === '' ? '  and nothing behind it\n' : `  and behind it, as the next request:\n  ${JSON.stringify(rest)}\n`,
  )
}

for (const body of [wire, '0x5\r\nhello\r\n0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n']) {
  console.log(`your diagnosis: ${said(body).padEnd(12)} ${JSON.stringify(body.slice(0, 40))}`)
}

function said(body: string): string {
  try {
    return String(diagnose(asBytes(body)))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
