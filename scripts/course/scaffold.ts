/** What a new exercise is made of. */
export interface NewExercise {
  readonly id: string
  /** `05-a-good-name` */
  readonly slug: string
  /** `A good name` */
  readonly title: string
}

/** The files of a new exercise, each under its name: one that keeps every promise, and teaches nothing yet. */
export function scaffold(exercise: NewExercise): Readonly<Record<string, string>> {
  const mutants = Object.entries(MUTANTS).map(([id, { code }]) => [
    `mutants/${id}.ts`,
    moduleOf('../contract.ts', code),
  ])
  return {
    'README.md': briefOf(exercise),
    'contract.ts': CONTRACT,
    'stub.ts': stubOf(exercise),
    'solution.ts': moduleOf('./contract.ts', "new TextEncoder().encode([line, '\\r\\n'].join(''))"),
    'exercise.test.ts': testOf(exercise),
    'demo.ts': demoOf(exercise),
    'hints.md': hints(),
    ...Object.fromEntries(mutants),
  }
}

const CONTRACT = `/**
 * A line on the wire: its text in UTF-8, and CR LF.
 *
 * \`\`\`text
 *   h e l l o CR LF
 * \`\`\`
 */
export type EncodeLine = (line: string) => Uint8Array
`

const MUTANTS = {
  'bare-lf': {
    code: "new TextEncoder().encode([line, '\\n'].join(''))",
    why: 'A line ends in CR LF (0d 0a). You sent LF alone (RFC 9112 §2.2).',
    when: "!asText(got).includes('\\r')",
  },
  'latin1-not-utf8': {
    code: "Uint8Array.from([line, '\\r\\n'].join(''), (character) => character.charCodeAt(0))",
    why: 'A character is not a byte: in UTF-8, ö is two.',
    when: "asText(got) === 'wört\\r\\n'",
  },
  'no-line-end': {
    code: 'new TextEncoder().encode(line)',
    why: 'Nothing says where the line ends.',
    when: "!asText(got).endsWith('\\n')",
  },
  'two-line-ends': {
    code: "new TextEncoder().encode([line, '\\r\\n\\r\\n'].join(''))",
    why: 'An empty line has a meaning of its own: it ends a head.',
    when: "asText(got).endsWith('\\r\\n\\r\\n')",
  },
} as const

/** So that each is named by the first test that it fails. */
const ORDER = ['no-line-end', 'bare-lf', 'two-line-ends', 'latin1-not-utf8'] as const

function moduleOf(contract: string, code: string): string {
  return `import type { EncodeLine } from '${contract}'

export const encodeLine: EncodeLine = (line) => ${code}
`
}

function stubOf({ id }: NewExercise): string {
  return `import { todo } from '@sse-from-scratch/course'
import type { EncodeLine } from './contract.ts'

export const encodeLine: EncodeLine = (_line) => todo('${id} encodeLine')
`
}

function testOf({ slug }: NewExercise): string {
  const mistakes = ORDER.map((id) => `  mistake('${id}', '${MUTANTS[id].why}', (got) => ${MUTANTS[id].when}),`)
  return `import { asText, expect, mistake } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { encodeLine } from '#ex/${slug}'

const mistakes = [
${mistakes.join('\n')}
]

test('a line ends in CR LF', () => {
  expect(encodeLine('hello')).toBeBytes('hello\\r\\n', { as: 'bytes', mistakes })
})

test('a line is written in UTF-8', () => {
  expect(encodeLine('wört')).toBeBytes('wört\\r\\n', { as: 'bytes', mistakes })
})
`
}

function demoOf({ slug }: NewExercise): string {
  return `import { explain } from '@sse-from-scratch/wire-xray'
import { encodeLine } from '#ex/${slug}'

console.log(explain(encodeLine('GET / HTTP/1.1'), { columns: process.stdout.columns || 80 }))
`
}

function hints(): string {
  const tiers =
    '## 1 nudge\n\nWhere does a line end?\n\n## 2 approach\n\nText becomes bytes with a TextEncoder.\n\n## 3 almost code\n\nTwo characters are missing.\n'
  return [tiers, ...ORDER.map((id) => `## mistake:${id}\n\nCount the bytes at the end.\n`)].join('\n')
}

function briefOf({ id, title }: NewExercise): string {
  return `---
id: ${id}
title: ${title}
kind: build
star: false
minutes: 30
roadmap: []
rfc: [RFC 9112 §2.2]
---
# ${id} · ${title}

## Why you care

Two lines, and where it was seen in the wild.

## Predict

How many bytes has an empty line on the wire?

- [ ] 1
- [ ] 2

<details><summary>The answer: open it when you have said what you predict</summary>

- [x] 2

Because: CR and LF.

</details>

## Picture

\`\`\`text
  h e l l o CR LF
\`\`\`

## Build

\`encodeLine(line)\` in \`exercise.ts\` returns the bytes of a line.

1. Three to six rules.

## Prove

What the tests show.

## Look

\`\`\`sh
npm run course run ${id}
\`\`\`

## Break it

A line to change, and what happens then.

## What the package adds

What it costs in production, with links.
`
}
