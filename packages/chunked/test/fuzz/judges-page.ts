import { readFileSync } from 'node:fs'

const page = readFileSync(new URL('../../../../docs/judges.md', import.meta.url), 'utf8')

/** The cells of the tables under a heading of docs/judges.md. The last one names the section that decides. */
export function rowsUnder(heading: string): string[][] {
  const [, text = ''] = page.split(`\n## ${heading}\n`)
  const [section = ''] = text.split('\n## ')
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:dispute|input) /.test(line))
    .map((line) => line.slice(2, -2).split(' | '))
}

/** The bytes of a cell. */
export function bytesOf(cell: string): Uint8Array {
  const named: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0' }
  const plain = cell
    .replaceAll('`', '')
    .replaceAll(/\\(?:x([0-9a-f]{2})|([rnt0]))/g, (_, code?: string, name = '') =>
      code === undefined ? (named[name] ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    )
  return Buffer.from(plain, 'latin1')
}

/** Text as a cell has it. */
export function cellOf(text: string): string {
  return `\`${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}\``
}
