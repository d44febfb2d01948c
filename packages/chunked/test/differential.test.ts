import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CORPUS } from './fuzz/corpus.ts'
import { CLASSES, classOf, type Dispute, disputeOver, type Sent } from './fuzz/disputes.ts'

const JUDGES = readFileSync(new URL('../../../docs/judges.md', import.meta.url), 'utf8')

interface Row {
  readonly name: string
  readonly input: string
  readonly we: string
  readonly node: string
}

/** The tables of docs/judges.md: `| name | input | we | node | section |`. */
const rows: readonly Row[] = JUDGES.split('\n')
  .map((line) => /^\| `([^`]+)` \| `([^`]+)` \| (.+?) \| (.+?) \| .*RFC \d+/.exec(line))
  .filter((match) => match !== null)
  .map(([, name = '', input = '', we = '', node = '']) => ({ name, input, we, node }))

/** Bytes as the tables write them. */
function unescaped(text: string): Uint8Array {
  const named: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0' }
  const plain = text.replaceAll(/\\(?:x([0-9a-f]{2})|([rnt0]))/g, (_, code?: string, name = '') =>
    code === undefined ? (named[name] ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

function shown(dispute: Dispute | undefined): { we: string; node: string } | undefined {
  if (dispute === undefined) return undefined
  const { kind, code, read, other } = dispute
  if (kind === 'we refuse') return { we: `\`${code}\``, node: 'reads' }
  if (kind === 'node refuses') return { we: 'reads', node: `\`${code}\`` }
  const [we, node] = [read[kind], other[kind]].map((text) => `${kind} \`${text.replaceAll('\r\n', '\\r\\n')}\``)
  return { we: we ?? '', node: node ?? '' }
}

function itemOf({ input }: Row): Sent {
  const wire = unescaped(input)
  return input.startsWith('HTTP/') ? { wire, answers: ['GET'] } : { wire }
}

describe('docs/judges.md', () => {
  test('explains every dispute that has a name, and no other', () => {
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(CLASSES))
  })

  const isFloor = process.versions.node.startsWith('20.')
  test.each(rows)('is right about $name: $input', (row) => {
    const dispute = disputeOver(itemOf(row))
    if (!isFloor && dispute === undefined) return // this node has come to agree with us
    expect(dispute && classOf(dispute)).toBe(row.name)
    const { we, node } = shown(dispute) ?? {}
    expect({ we, node: isFloor ? node : row.node }).toEqual({ we: row.we, node: row.node })
  })
})

test('our parser and the one of node:http agree on the classics, or docs/judges.md says why not', () => {
  const unexplained = CORPUS.map(disputeOver).filter((dispute) => dispute && classOf(dispute) === undefined)
  expect(unexplained).toEqual([])
})
