import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { type BodyRules, createEntryMask } from '@sse-from-scratch/wire-xray/recording'
import { expect, test } from 'vitest'
import { createMemberMask } from '../../src/recording/member-mask.ts'
import { bytes, type Line, recorded, text } from './entries.ts'

function carried(rules: BodyRules, ...lines: readonly Line[]): string {
  let said = ''
  const mask = createEntryMask({
    record: (entry) => (said += entry.kind === 'bytes' ? text(entry.bytes) : ''),
    ...rules,
  })
  for (const entry of recorded(...lines).entries) mask.take(entry)
  mask.close()
  return said
}

const MEMBERS: readonly (readonly [why: string, content: string, expected: string])[] = [
  ['a string', '{"a":"x","content":"say it","b":"y"}', '{"a":"x","content":"******","b":"y"}'],
  ['a string with escapes', '{"content":"a\\"b\\\\","b":"y"}', '{"content":"******","b":"y"}'],
  ['a number', '{"content": -12.5e3,"b":1}', '{"content": -00.0e0,"b":1}'],
  ['a literal', '{"content":null,"b":"y"}', '{"content":null,"b":"y"}'],
  [
    'all that is in an array',
    '{"content":[{"x":"y","n":1},"z"],"b":"y2"}',
    '{"content":[{"*":"*","*":0},"*"],"b":"y2"}',
  ],
  ['brackets in a hidden string', '{"content":["]}"],"b":"y"}', '{"content":["**"],"b":"y"}'],
  ['a name with space behind it', '{"content" :\n "x"}', '{"content" :\n "*"}'],
  ['what only looks like the name', '{"b":"content","contents":"x"}', '{"b":"content","contents":"x"}'],
  [
    'events',
    'data: {"content":"a"}\n\ndata: {"content":"b"}\n\n',
    'data: {"content":"*"}\n\ndata: {"content":"*"}\n\n',
  ],
  ['a string that breaks off', 'data: {"content":"ab\ndata: {"b":"y"}\n', 'data: {"content":"**\ndata: {"b":"y"}\n'],
  ['what is compressed', 'ab\x1f\x8b"content"', 'ab**********'.padEnd(13, '*')],
]

test.each(MEMBERS)(
  'the value of a member that is to be hidden is stars, wherever it was cut: %s',
  (_, content, expected) => {
    for (const reads of everySplit(bytes(content))) {
      const mask = createMemberMask(['content'])
      const copies = reads.map((read) => Uint8Array.from(read))
      for (const copy of copies) mask.hide(copy)
      expect(copies.map(text).join('')).toBe(expected)
    }
  },
)

test('members are hidden in requests and in answers, and nothing of a head or of the framing is', () => {
  const up = 'POST /content HTTP/1.1\r\nHost: a\r\nX: "content":"x"\r\nContent-Length: 15\r\n\r\n'
  const down = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  const said = carried(
    { redactMembers: ['content'] },
    ['up', `${up}{"content":"a"}`],
    ['down', `${down}c\r\n{"content":"\r\n4\r\nabc"\r\n1\r\n}\r\n0\r\n\r\n`],
  )
  expect(said).toBe(`${up}{"content":"*"}${down}c\r\n{"content":"\r\n4\r\n***"\r\n1\r\n}\r\n0\r\n\r\n`)
})

test('a message that is no text does not hide the next one', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
  const ask = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const said = carried({ redactMembers: ['x'] }, ['up', ask + ask], ['down', `${head}\x1f\x8b`], ['down', `${head}ok`])
  expect(said).toBe(`${ask}${ask}${head}**${head}ok`)
})

test('without the bodies of requests, all of what a client sends besides heads is stars, and no more', () => {
  const up = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  const down = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  const said = carried({ requestBodies: false }, ['up', `${up}3\r\nabc\r\n0\r\n\r\n`], ['down', down])
  expect(said).toBe(`${up}3\r\n***\r\n0\r\n\r\n${down}`)
})
