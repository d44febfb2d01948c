import { describe, expect, test } from 'vitest'
import { createByteFaults, type Mark, type Step } from '../src/simulator/byte-faults.ts'
import { parseFaults } from '../src/simulator/index.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const EVENTS = [
  'data: {"text":"one🌊"}\n\n',
  'data: {"text":"two🌊"}\n\n',
  'data: {"text":"three🌊"}\n\n',
  'data: [DONE]\n\n',
]

const utf8 = new TextEncoder()
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const asLatin1 = (text: string) => latin1(utf8.encode(text))

/** Everything that a server writes for a stream of four events, as the encoder would have it. */
function writes(): [bytes: Uint8Array, mark: Mark][] {
  const chunks = EVENTS.map((event, i): [Uint8Array, Mark] => {
    const size = utf8.encode(event).length.toString(16)
    return [utf8.encode(`${size}\r\n${event}\r\n`), { kind: 'event', n: i + 1 }]
  })
  return [[utf8.encode(HEAD), { kind: 'head' }], ...chunks, [utf8.encode('0\r\n\r\n'), { kind: 'end' }]]
}

/** What becomes of it: bytes as text, all else by its name. What comes behind an end is not looked at, nor would it be sent. */
function outcome(faults: string, contentLength?: number): readonly string[] {
  const { pass } = createByteFaults(parseFaults(faults), contentLength)
  const done: string[] = []
  for (const [bytes, mark] of writes()) {
    for (const step of pass(bytes, mark)) {
      done.push(named(step))
      if (step.kind !== 'write' && step.kind !== 'wait') return joined(done)
    }
  }
  return joined(done)
}

function named(step: Step): string {
  if (step.kind === 'write') return latin1(step.bytes)
  return step.kind === 'wait' ? `<wait ${step.milliseconds}>` : `<${step.kind}>`
}

/** Neighbouring writes as one. */
function joined(steps: readonly string[]): readonly string[] {
  return steps
    .join('\0')
    .replace(/(?<!>)\0(?!<)/g, '')
    .split('\0')
}

const WHOLE = asLatin1(
  writes()
    .map(([bytes]) => new TextDecoder().decode(bytes))
    .join(''),
)
/** The whole up to and with the n-th event. */
const upTo = (n: number) =>
  asLatin1(
    writes()
      .slice(0, n + 1)
      .map(([bytes]) => new TextDecoder().decode(bytes))
      .join(''),
  )

describe('what becomes of the bytes with', () => {
  test.each([
    ['times=1', [WHOLE]],
    ['cut=fin@2', [upTo(2), '<fin>']],
    ['cut=rst@byte:0', ['<rst>']],
    [`cut=fin@byte:${HEAD.length + 3}`, [WHOLE.slice(0, HEAD.length + 3), '<fin>']],
    ['cut=fin@99', [upTo(4), '<fin>']],
    ['cut=utf8@2', [WHOLE.slice(0, WHOLE.indexOf('two') + 4), '<fin>']],
    ['cut=json@4', [upTo(4), '<fin>']], // no string comes any more
    ['cut=chunk-size@2', [WHOLE.slice(0, upTo(1).length + 1), '<fin>']],
    ['cut=utf8@4', [upTo(4), '<fin>']], // no such character comes any more
    ['stall=7@2', [upTo(2), '<wait 7>', WHOLE.slice(upTo(2).length)]],
    ['stall-after=2,cut=utf8', [WHOLE.slice(0, WHOLE.indexOf('two') + 4), '<wait Infinity>', '<fin>']],
    ['stall=7@1,cut=rst@2', [upTo(1), '<wait 7>', upTo(2).slice(upTo(1).length), '<rst>']],
    ['half-open@1', [upTo(1), '<forget>']],
    ['strip=terminator', [upTo(4), '<fin>']],
    ['corrupt=crlf@4', [`${upTo(4).slice(0, -2)}0\r\n\r\n`]],
    ['size=-100@1', [WHOLE.replace(/\r\n\r\n1a\r\n/, '\r\n\r\n1\r\n')]],
  ])('%s', (faults, expected) => {
    expect(outcome(faults)).toEqual(expected)
  })

  test('framing=close, where no length is told and FIN is the end', () => {
    const [sent, end] = outcome('framing=close')
    expect(sent).toBe(
      `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n${asLatin1(EVENTS.join(''))}`,
    )
    expect(end).toBe('<fin>')
  })

  test('length, where it is the one that was given', () => {
    expect(outcome('length=+5', 77)[0]).toContain('\r\nContent-Length: 77\r\nConnection: close\r\n\r\ndata: ')
    expect(outcome('http10')[0]).toMatch(/^HTTP\/1.0 200 OK\r\n/)
  })

  test('split, drip and split-head: pieces of that size, with a turn between them', () => {
    const sizes = (faults: string) => {
      const { pass } = createByteFaults(parseFaults(faults))
      return [...pass(utf8.encode(HEAD), { kind: 'head' })].map((step) =>
        step.kind === 'write' ? step.bytes.length : named(step),
      )
    }
    const whole = HEAD.length
    expect(sizes('split=50')).toEqual([50, '<wait 0>', whole - 50, '<wait 0>'])
    expect(sizes('split-head=60')).toEqual([60, '<wait 0>', whole - 60, '<wait 0>'])
    expect(sizes('drip=3')).toEqual(Array.from({ length: whole }, () => [1, '<wait 3>']).flat())
    for (const faults of ['split=1', 'split=7', 'drip=1']) {
      expect(
        outcome(faults)
          .filter((step) => !step.startsWith('<'))
          .join(''),
      ).toBe(WHOLE)
    }
  })

  test('interim responses, which have no length', () => {
    const { pass } = createByteFaults(parseFaults('framing=length'), 5)
    const early = 'HTTP/1.1 103 Early Hints\r\n\r\n'
    expect([...pass(utf8.encode(early), { kind: 'head' })].map(named)).toEqual([early])
    expect(named([...pass(utf8.encode(HEAD), { kind: 'head' })][0] as Step)).toContain('Content-Length: 5')
  })

  test('an answer to HTTP/1.0, which has no chunks', () => {
    const { pass } = createByteFaults(parseFaults('http10'))
    const head = utf8.encode('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
    expect([...pass(head, { kind: 'head' })]).toHaveLength(1)
    expect([...pass(utf8.encode(EVENTS[0] ?? ''), { kind: 'event', n: 1 })].map(named)).toEqual([
      asLatin1(EVENTS[0] ?? ''),
    ])
  })
})
