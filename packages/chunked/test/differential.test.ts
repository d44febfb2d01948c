import { describe, expect, test } from 'vitest'
import { CORPUS } from './fuzz/corpus.ts'
import { CLASSES, classOf, type Dispute, disputeOver } from './fuzz/disputes.ts'
import { bytesOf, cellOf, rowsUnder } from './fuzz/judges-page.ts'

const rows = rowsUnder('node:http').map(([name = '', input = '', we = '', node = '', section = '']) => ({
  name: name.replaceAll('`', ''),
  input,
  we,
  node,
  section,
}))

/** What the cells of a row have to say about a dispute. */
function said(dispute: Dispute | undefined): { we: string; node: string } | undefined {
  if (dispute === undefined) return undefined
  const { kind, code, read, other } = dispute
  if (kind === 'we refuse') return { we: cellOf(code), node: 'reads' }
  if (kind === 'node refuses') return { we: 'reads', node: cellOf(code) }
  return { we: `${kind} ${cellOf(read[kind])}`, node: `${kind} ${cellOf(other[kind])}` }
}

describe('docs/judges.md', () => {
  test('explains every dispute that has a name, and no other', () => {
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(CLASSES))
  })

  const isFloor = process.versions.node.startsWith('20.')
  test.each(rows)('is right about $name: $input', ({ name, input, we, node, section }) => {
    expect(section).toMatch(/RFC \d+ §/)
    const wire = bytesOf(input)
    const dispute = disputeOver(input.startsWith('`HTTP/') ? { wire, answers: ['GET'] } : { wire })
    if (!isFloor && dispute === undefined) return // this node has come to agree with us
    expect(dispute && classOf(dispute)).toBe(name)
    expect(said(dispute)).toEqual({ we, node: isFloor ? node : expect.any(String) })
  })
})

test('our parser and the one of node:http agree on the classics, or docs/judges.md says why not', () => {
  const unexplained = CORPUS.map(disputeOver).filter((dispute) => dispute && classOf(dispute) === undefined)
  expect(unexplained).toEqual([])
})
