import { gunzipSync } from 'node:zlib'
import { createChunkedDecoder } from '@sse-from-scratch/chunked'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { FAULT_WORDS, IMITATIONS, parseFaults } from '@sse-from-scratch/wire-xray/faults'
import { describe, expect, test } from 'vitest'
import { createAnswerParser } from '../../src/faults/answer-parser.ts'
import { bytes, text } from '../recording/entries.ts'
import { ASK, chunk, event, HEAD, LAST, stream, through, timedThrough } from './through.ts'

const [ONE, TWO, THREE] = [1, 2, 3].map((n) => chunk(event(n))) as [string, string, string]
const joined = (pieces: readonly string[]): string => pieces.join('')

/** The content of a chunked answer. */
function contentOf(pieces: readonly string[]): string {
  const whole = joined(pieces.filter((piece) => piece !== 'FIN' && piece !== 'RST'))
  const body = whole.slice(whole.indexOf('\r\n\r\n') + 4)
  const events = decodeAll(createChunkedDecoder(), [bytes(body)])
  return joined(events.map((each) => (each.kind === 'data' ? text(each.data) : '')))
}

describe('TCP', () => {
  test('split: every byte alone', () => {
    expect(through('split=1', ['abc', 'FIN'])).toEqual(['a', 'b', 'c', 'FIN'])
  })

  test('split: sizes by chance, the same with the same seed, and every byte once', () => {
    const whole = 'x'.repeat(200)
    const sizes = (seed: number) => through('split=2..5', [whole], { seed }).map((piece) => piece.length)
    expect(sizes(7)).toEqual(sizes(7))
    expect(sizes(7)).not.toEqual(sizes(8))
    expect(new Set(sizes(7).slice(0, -1))).toEqual(new Set([2, 3, 4, 5]))
    expect(sizes(7).reduce((sum, size) => sum + size)).toBe(200)
  })

  test('delay: everything is so much later, the end too, and in the same pieces', () => {
    expect(
      timedThrough('delay=800ms', [
        [0, 'a'],
        [5, 'b'],
        [9, 'FIN'],
      ]),
    ).toEqual([
      [800, 'a'],
      [805, 'b'],
      [809, 'FIN'],
    ])
  })

  test('rate: a piece is there when its last byte is, and the next one after it', () => {
    const coming = [
      [0, 'x'.repeat(20)],
      [1, 'y'.repeat(10)],
      [100, 'z'],
      [100, 'FIN'],
    ] as const
    expect(timedThrough('rate=1kB/s', coming).map(([at]) => at)).toEqual([20, 30, 101, 101])
  })

  test.each([
    ['fin', 0],
    ['rst', 20],
  ] as const)('cut=%s: at the byte, and nothing behind it', (how, after) => {
    expect(timedThrough(`cut=${how}@byte:5`, ['abc', 'defg', 'hij', 'FIN'])).toEqual([
      [0, 'abc'],
      [0, 'de'],
      [after, how.toUpperCase()],
    ])
  })

  test('cut: behind an event and the CRLF of its chunk, or inside of the chunk if that goes on', () => {
    expect(through('cut=fin@event:2', stream(3))).toEqual([HEAD, ONE, TWO, 'FIN'])
    const both = chunk(event(1) + event(2))
    const cut = both.indexOf(event(2))
    expect(through('cut=fin@event:1', [HEAD + both, LAST])).toEqual([HEAD + both.slice(0, cut), 'FIN'])
  })

  test('cut: before the end of an answer that has fewer events, and never in one that has none', () => {
    expect(through('cut=fin@event:9', stream(2))).toEqual([HEAD, ONE, TWO, 'FIN'])
    const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
    expect(through('cut=fin@event:1', [json])).toEqual([json])
  })

  test('cut: at the events of the second answer, when the first has none', () => {
    const none = 'HTTP/1.1 204 No Content\r\n\r\n'
    expect(through('cut=fin@event:1', [none + HEAD + ONE + TWO], { ask: ASK + ASK })).toEqual([
      none + HEAD + ONE,
      'FIN',
    ])
  })

  test('cut: nowhere in content that is compressed, whatever it looks like', () => {
    const head = HEAD.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n')
    expect(through('cut=fin@event:1', [head, ONE, LAST])).toEqual([head, ONE, LAST])
  })

  test('cut: at a line, where an answer is JSON a line', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n'
    const line = chunk('{"done":false}\n')
    expect(through('cut=fin@event:2', [head, line, line, line])).toEqual([head, line, line, 'FIN'])
  })

  test('stall: silence behind the event, and then all that came in the meantime, the end too', () => {
    expect(
      timedThrough('stall=2s@event:1', [
        [0, HEAD + ONE],
        [10, TWO],
        [20, LAST],
        [30, 'FIN'],
      ]),
    ).toEqual([
      [0, HEAD + ONE],
      [2000, TWO],
      [2000, LAST],
      [2000, 'FIN'],
    ])
  })

  test('stall: in every answer, one after the other', () => {
    const answer = HEAD + ONE + LAST
    const got = timedThrough('stall=1s@event:1', [answer + answer], { ask: ASK + ASK })
    const until = (time: number) => joined(got.filter(([at]) => at <= time).map(([, what]) => what))
    expect([0, 1000, 2000].map(until)).toEqual([HEAD + ONE, answer + HEAD + ONE, answer + answer])
  })

  test('stall: for ever, if no time is said', () => {
    expect(through('stall@byte:2', ['abc', 'FIN'])).toEqual(['ab'])
  })

  test('idle: FIN after so much silence, and not while anything moves', () => {
    expect(
      timedThrough('idle=60s', [
        [0, 'a'],
        [59_000, 'b'],
        [200_000, 'c'],
      ]),
    ).toEqual([
      [0, 'a'],
      [59_000, 'b'],
      [119_000, 'FIN'],
    ])
  })

  test('merge by time: what came is sent so long after the first of it, or with the end of the answer', () => {
    expect(timedThrough('merge=200ms', stream(5, 90))).toEqual([
      [200, HEAD + ONE + TWO + THREE],
      [360, chunk(event(4)) + chunk(event(5)) + LAST],
    ])
  })

  test('merge by time: a segment that is full does not wait', () => {
    const large = chunk(event('x'.repeat(70_000)))
    const got = timedThrough('merge=200ms', [HEAD, large.slice(0, 66_000), large.slice(66_000)])
    expect(got.map(([at]) => at)).toEqual([0, 200])
  })

  test('cut: behind the blank line, also where lines end in CR LF', () => {
    const both = chunk('data: 1\r\n\r\ndata: 2\r\n\r\n')
    expect(joined(through('cut=fin@event:1', [HEAD + both]))).toBe(`${HEAD}16\r\ndata: 1\r\n\r\nFIN`)
  })

  test('drop: a whole read, or bytes, wherever the reads end', () => {
    expect(through('drop=read:2', ['ab', 'cd', 'ef'])).toEqual(['ab', 'ef'])
    for (const reads of everySplit(bytes('0123456789'))) {
      expect(joined(through('drop=3@byte:4', reads.map(text)))).toBe('0123789')
    }
  })
})

describe('Hops that mean well', () => {
  test('merge by size: the head waits, chunks are of that size, and the rest comes with the end', () => {
    expect(through('merge=20', stream(5))).toEqual([
      HEAD + chunk('data: 1\n\ndata: 2\n\nda'),
      chunk('ta: 3\n\ndata: 4\n\ndata'),
      `${chunk(': 5\n\n')}${LAST}`,
    ])
  })

  test('merge: all of it at the end, in one chunk', () => {
    expect(through('merge=all', stream(3))).toEqual([HEAD + chunk(event(1) + event(2) + event(3)) + LAST])
  })

  test('merge: lets go of what is more than it may hold', () => {
    expect(through('merge=all', stream(3), { maxHeld: 10 })).toHaveLength(3)
  })

  test('merge: RST takes the buffer along and leaves the head, FIN does not', () => {
    expect(through('merge=4096', [HEAD, ONE, 'RST'])).toEqual([HEAD, 'RST'])
    expect(through('merge=4096', [HEAD, ONE, 'FIN'])).toEqual([HEAD + ONE, 'FIN'])
  })

  test('one-behind: each event leaves when the next one is whole, the head with the first', () => {
    expect(timedThrough('one-behind', stream(3, 150))).toEqual([
      [0, HEAD],
      [150, ONE],
      [300, TWO],
      [300, THREE + LAST],
    ])
  })

  test('one-behind: a comment that keeps the stream alive does not move it', () => {
    expect(
      timedThrough('one-behind', [
        [0, HEAD + ONE],
        [50, chunk(': ping\n\n')],
        [90, TWO],
      ]),
    ).toEqual([
      [0, HEAD],
      [90, ONE],
    ])
  })

  test('chunks: the size in another spelling, and the data as it was', () => {
    const data = 'x'.repeat(42)
    expect(through('chunks=upper', [HEAD, chunk(data), LAST])).toEqual([HEAD, `2A\r\n${data}\r\n`, LAST])
    expect(through('chunks=padded', [HEAD, chunk(data), LAST])).toEqual([HEAD, `002a\r\n${data}\r\n`, LAST])
  })

  test('polite: a server that broke off looks like one that was done', () => {
    const half = '9\r\ndata:'
    const clean = [HEAD, ONE, `${chunk('data:')}${LAST}`, 'FIN']
    expect(through('polite=any', [HEAD, ONE, half, 'RST'])).toEqual(clean)
    expect(through('polite=fin', [HEAD, ONE, half, 'FIN'])).toEqual(clean)
    expect(through('polite=any', [HEAD, 'zz\r\n'])).toEqual([HEAD, LAST, 'FIN'])
    expect(through('polite=fin', [HEAD, ONE, half, 'RST'])).toEqual([HEAD, ONE, half, 'RST'])
  })

  test('polite: between answers FIN is FIN and RST is RST', () => {
    expect(through('polite=any', [...stream(1), 'RST'])).toEqual([HEAD, ONE, LAST, 'RST'])
    expect(through('polite=any', ['FIN'])).toEqual(['FIN'])
  })

  test('no-rst: a RST becomes a FIN', () => {
    expect(through('no-rst', ['a', 'RST'])).toEqual(['a', 'FIN'])
  })
})

describe('HTTP', () => {
  test('strip: the last chunk never comes, nor a trailer', () => {
    expect(through('strip=terminator', [HEAD, ONE, '0\r\nDigest: x\r\n\r\n'])).toEqual([HEAD, ONE])
  })

  test('strip: the last event lacks its blank line', () => {
    expect(contentOf(through('strip=blank-line@last', stream(2)))).toBe('data: 1\n\ndata: 2')
  })

  test('strip-header: in any case of the name, with what is folded under it', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: 1\r\n 2\r\nx-a:3\r\nX-B: 4\r\n\r\n'
    expect(through('strip-header=X-a', [head])).toEqual(['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-B: 4\r\n\r\n'])
  })

  test('http10: no chunks, FIN is the end', () => {
    const head = 'HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n'
    expect(through('http10', stream(2))).toEqual([head, event(1), event(2), 'FIN'])
  })

  test('gzip: each piece can be read when it is there, and the whole is one member', () => {
    const pieces = through('gzip=flush', stream(3))
    expect(pieces).toHaveLength(5)
    expect(pieces[0]).toContain('\r\nContent-Encoding: gzip\r\n')
    expect(gunzipSync(bytes(contentOf(pieces))).toString()).toBe(event(1) + event(2) + event(3))
    const early = contentOf([...pieces.slice(0, 3), LAST])
    expect(gunzipSync(bytes(early), { finishFlush: 2 }).toString()).toBe(event(1) + event(2))
  })

  test('gzip: that is not flushed has its ten bytes of header, and the rest with the end', () => {
    const pieces = through('gzip=noflush', stream(3))
    expect(pieces.map((piece) => piece.length > 20)).toEqual([true, false, true])
    expect(pieces[1]?.startsWith('a\r\n\x1f\x8b')).toBe(true)
    expect(gunzipSync(bytes(contentOf(pieces))).toString()).toBe(event(1) + event(2) + event(3))
  })

  test('gzip: that is not flushed lets go of what is more than it may hold', () => {
    const pieces = through('gzip=noflush', stream(3), { maxHeld: 10 })
    expect(pieces.filter((piece) => piece.length > 20).length).toBeGreaterThan(2)
    expect(gunzipSync(bytes(contentOf(pieces))).toString()).toBe(event(1) + event(2) + event(3))
    const ask = ASK.replace('gzip', 'identity')
    expect(through('gzip=noflush', stream(3), { maxHeld: 10, ask })).toHaveLength(4)
  })

  test('gzip: is not for a client that does not take it, who waits all the same', () => {
    const ask = ASK.replace('gzip', 'identity')
    expect(through('gzip=flush', stream(2), { ask })).toEqual([HEAD, ONE, TWO, LAST])
    expect(through('gzip=noflush', stream(2), { ask })).toEqual([HEAD, chunk(event(1) + event(2)) + LAST])
  })

  test('gzip: leaves alone what is compressed, and HTTP/1.0', () => {
    const head = HEAD.replace('\r\n\r\n', '\r\nContent-Encoding: br\r\n\r\n')
    expect(through('gzip=flush', [head, ONE, LAST])).toEqual([head, ONE, LAST])
  })

  test('a Content-Length gives way to chunks, where content is changed; for HTTP/1.0 to FIN', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n'
    const plain = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
    const whole = joined(through('bom', [head, event(1)]))
    expect(whole).toBe(`${plain}Transfer-Encoding: chunked\r\n\r\n${chunk(`\xef\xbb\xbf${event(1)}`)}${LAST}`)
    const old = through('bom', [head, event(1)], { ask: 'GET / HTTP/1.0\r\n\r\n' })
    expect(old).toEqual([`${plain}Connection: close\r\n\r\n`, `\xef\xbb\xbf${event(1)}`, 'FIN'])
  })
})

describe('Chunks', () => {
  test('corrupt: the size of the chunk with the event is not hexadecimal', () => {
    expect(through('corrupt=size@event:2', stream(3))).toEqual([HEAD, ONE, TWO.replace('9', 'z'), THREE, LAST])
  })

  test('size: too large, too small, and never that of the last chunk', () => {
    expect(through('size=+5@event:2', stream(2))[2]).toBe(`e${TWO.slice(1)}`)
    expect(through('size=-2@event:2', stream(2))[2]).toBe(`7${TWO.slice(1)}`)
    expect(through('size=-99@event:2', stream(2))[2]).toBe(`1${TWO.slice(1)}`)
  })
})

describe('Events', () => {
  test('drop: the event is not there, its chunk neither, and all the others are as they were', () => {
    expect(through('drop=event:2', stream(3))).toEqual([HEAD, ONE, THREE, LAST])
    expect(contentOf(through('drop=event:2', [HEAD, chunk(`${event(1)}${event(2)}: x\n${event(3)}`), LAST]))).toBe(
      `${event(1)}: x\n${event(3)}`,
    )
  })

  test('bom: in front of the first event, once', () => {
    expect(contentOf(through('bom', stream(2)))).toBe(`\xef\xbb\xbf${event(1)}${event(2)}`)
  })

  test('cr: every line ends in CR alone, however it ended and wherever it was cut', () => {
    const body = 'data: 1\r\n\r\ndata: 2\n\rdata: 3\r\r'
    for (const reads of everySplit(bytes(body))) {
      const chunks = reads.filter((read) => read.length > 0).map((read) => chunk(text(read)))
      expect(contentOf(through('cr', [HEAD, ...chunks, LAST]))).toBe('data: 1\r\rdata: 2\r\rdata: 3\r\r')
    }
  })

  test('error: in the words of the service, in the place of the event, and the answer ends whole', () => {
    const pieces = through('error=overloaded@event:2', stream(3))
    const last = pieces[2]
    expect(pieces).toHaveLength(3) // the third event is not there any more, nor the server’s last chunk
    expect(last).toMatch(/^[0-9a-f]+\r\ndata: \{"error":.*overloaded.*\}\n\n\r\n0\r\n\r\n$/)
    const ask = ASK.replace('/v1/chat/completions', '/v1/messages')
    expect(joined(through('error=overloaded@event:2', stream(3), { ask }))).toContain(
      'event: error\ndata: {"type":"error"',
    )
  })

  test('error: before the last mark of an answer that has fewer events', () => {
    const content = contentOf(through('error=server@event:9', [HEAD, ONE, chunk(event('[DONE]')), LAST]))
    expect(content).toMatch(/^data: 1\n\ndata: \{"error":/)
    expect(content).not.toContain('[DONE]')
  })

  test('no-done: all but the last mark', () => {
    expect(through('no-done', [HEAD, ONE, chunk(event('[DONE]')), LAST])).toEqual([HEAD, ONE, LAST])
    const ask = ASK.replace('/v1/chat/completions', '/v1/messages')
    const stop = chunk('event: message_stop\ndata: {"type":"message_stop"}\n\n')
    const start = chunk('event: ping\ndata: {"type":"ping"}\n\n')
    expect(through('no-done', [HEAD, start, stop, LAST], { ask })).toEqual([HEAD, start, LAST])
  })
})

describe('Every fault', () => {
  const words = FAULT_WORDS.map(({ usage }) => usage.split('`')[0] as string)
  const answers = [HEAD, ONE, TWO, chunk(event('[DONE]')), LAST, HEAD, chunk(event(1) + event(2)), THREE, LAST]
  const whole = joined(answers)

  test.each(words)('%s sends the same bytes, wherever the server’s were cut', (usage) => {
    if (/^(split|drop=read|drop@read)/.test(usage)) return
    const options = { ask: ASK + ASK }
    const expected = joined(through(usage, [whole, 'FIN'], options))
    // What is deflated by itself, piece by piece, has other bytes for other pieces: a chunk is always one.
    for (const reads of everySplit(bytes(whole))) {
      expect(joined(through(usage, [...reads.map(text), 'FIN'], options))).toBe(expected)
    }
  })

  test.each(words)('%s lets through what is no HTTP, and what is broken, without an exception', (usage) => {
    for (const strange of ['\x16\x03\x01\x02', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello', `${HEAD}zz\r\n`]) {
      for (const end of ['FIN', 'RST']) expect(() => through(usage, [strange, end])).not.toThrow()
    }
    expect(through(usage, ['FIN'])).toEqual(['FIN'])
  })
})

test('Faults happen in their order, the first next to the server', () => {
  expect(through('merge=all,split=40', stream(2)).map((piece) => piece.length)).toEqual([40, 40, 29])
  expect(through('split=40,merge=all', stream(2))).toHaveLength(1)
  expect(through('cut=fin@event:1,polite=fin', stream(3))).toEqual([HEAD, ONE, LAST, 'FIN'])
  expect(through('polite=fin,cut=fin@event:1', stream(3))).toEqual([HEAD, ONE, 'FIN'])
})

test('Every imitation is made of faults that can be read', () => {
  for (const { faults } of IMITATIONS) expect(parseFaults(faults).length).toBeGreaterThan(0)
})

describe('The parts of answers', () => {
  const answers = joined([
    'HTTP/1.1 100 Continue\r\n\r\n',
    HEAD,
    '5;x="a\r\n'.replace('"', ''),
    'hello\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  ])

  test('are all the bytes, each once and in order, and the data is where it says, at every cut', () => {
    for (const reads of everySplit(bytes(answers))) {
      const parser = createAnswerParser(() => undefined)
      const kinds: string[] = []
      let whole = ''
      let data = ''
      const take: Parameters<typeof parser.push>[1] = (part) => {
        whole += text(part.bytes)
        if (part.kind === 'data') {
          expect(text(part.bytes.subarray(part.from, part.from + part.data.length))).toBe(text(part.data))
          data += text(part.data)
        } else kinds.push(part.kind)
      }
      for (const read of reads) parser.push(read, take)
      parser.end(take)
      expect(whole).toBe(answers)
      expect(data).toBe('hello0123456789abcuntil the end')
      expect(kinds).toEqual(['interim', 'head', 'end', 'head', 'end', 'head', 'end', 'head', 'end'])
    }
  })

  test('never keep more than 64 KiB of a chunk', () => {
    const parser = createAnswerParser(() => undefined)
    const sizes: number[] = []
    const take: Parameters<typeof parser.push>[1] = (part) =>
      void (part.kind === 'data' && sizes.push(part.data.length))
    parser.push(bytes(`${HEAD}100000\r\n`), take)
    for (let n = 0; n < 64; n++) parser.push(new Uint8Array(16_384), take)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024 + 16_384)
    expect(sizes.length).toBeGreaterThan(10)
  })
})
