import { FAILURE_NAMES } from '@sse-from-scratch/llm-stream/simulator'
import * as read from './fault-values.ts'
import { type FaultWord, flag, placed, word } from './fault-word.ts'

/** The bytes are right, only when and how they come is not. */
const TCP: readonly FaultWord[] = [
  word('split=1', 'at most so many bytes at a time; `split=1..16`: a random number of them', (value) => ({
    kind: 'split',
    ...read.countOrRange(value),
  })),
  word('delay=800ms', 'everything is late by so much', (value) => ({ kind: 'delay', milliseconds: read.time(value) })),
  word('rate=20kB/s', 'a slow line', (value) => ({ kind: 'rate', bytesPerSecond: read.rate(value) })),
  placed('cut=fin@event:3', 'the connection ends there, by FIN or (`rst`) by RST', ['event', 'byte'], (value, at) => ({
    kind: 'cut',
    how: read.oneOf(value, ['fin', 'rst']),
    at,
  })),
  placed('stall=2s@event:3', 'silence; without a time: until the client leaves', ['event', 'byte'], (value, at) => ({
    kind: 'stall',
    milliseconds: value === undefined ? Number.POSITIVE_INFINITY : read.time(value),
    at,
  })),
  word('idle=60s', 'FIN after so much silence, once something has come', (value) => ({
    kind: 'idle',
    milliseconds: read.time(value),
  })),
]

/** What hops do that mean well. */
const HOPS: readonly FaultWord[] = [
  word(
    'merge=4096',
    'a buffer that is flushed when it is full; `merge=all`: at the end; `merge=200ms`: a socket that is corked for so long',
    (value) => {
      if (read.isTime(value)) return { kind: 'cork', milliseconds: read.time(value) }
      return { kind: 'merge', bytes: value === 'all' ? Number.POSITIVE_INFINITY : read.count(value) }
    },
  ),
  flag('one-behind', 'each event leaves when the next one comes', { kind: 'one-behind' }),
  word('chunks=upper', 'chunk-sizes as `2A`, or (`padded`) as `002a`', (value) => ({
    kind: 'chunks',
    style: read.oneOf(value, ['upper', 'padded']),
  })),
  word(
    'polite=fin',
    'a server that breaks off by FIN, or (`any`) in any way, looks like one that was done',
    (value) => ({
      kind: 'polite',
      when: read.oneOf(value, ['fin', 'any']),
    }),
  ),
  flag('no-rst', 'a RST becomes a FIN', { kind: 'no-rst' }),
]

/** What is wrong with HTTP, and with its chunks. */
const HTTP: readonly FaultWord[] = [
  {
    ...word(
      'strip=terminator',
      'the last chunk never comes; or (`blank-line`) the last event lacks its blank line',
      (value) => ({ kind: 'strip', what: read.oneOf(value, ['terminator', 'blank-line']) }),
    ),
    isLast: true,
  },
  word('strip-header=content-type', 'without the fields of this name', (value) => ({
    kind: 'strip-header',
    name: read.fieldName(value),
  })),
  flag('http10', 'HTTP/1.0: no chunks, FIN is the end', { kind: 'http10' }),
  word('gzip=flush', 'compressed, for clients that take it; `noflush`: all at the end, for everybody', (value) => ({
    kind: 'gzip',
    flush: read.oneOf(value, ['flush', 'noflush']) === 'flush',
  })),
  placed('corrupt=size@event:3', 'the chunk-size there is not hexadecimal', ['event'], (value, at) => {
    read.oneOf(value, ['size'])
    return { kind: 'corrupt', at }
  }),
  placed('size=+5@event:3', 'the chunk-size there is too large, or (`-5`) too small', ['event'], (value, at) => ({
    kind: 'size',
    by: read.signed(value),
    at,
  })),
]

/** What is wrong with the events, and with what a model says in them. */
const EVENTS: readonly FaultWord[] = [
  placed(
    'drop@event:3',
    'the event is left out; `drop@read:3`: a whole read; `drop=10@byte:500`: so many bytes',
    ['event', 'read', 'byte'],
    (value, at) => {
      if (at.unit === 'byte') return { kind: 'lose', size: read.count(value), at }
      if (value !== undefined) throw new TypeError('no value (=) with an event or a read')
      return at.unit === 'read' ? { kind: 'lose', size: 0, at } : { kind: 'drop', at }
    },
  ),
  flag('bom', 'the stream begins with a byte order mark', { kind: 'bom' }),
  flag('cr', 'lines end in CR alone', { kind: 'cr' }),
  placed(
    'error=overloaded@event:3',
    `an error in the place of the event, and the end: ${FAILURE_NAMES.join(', ')}`,
    ['event'],
    (value, at) => ({ kind: 'error', failure: read.oneOf(value, FAILURE_NAMES), at }),
  ),
  flag('no-done', 'the last mark (`[DONE]`, `message_stop`, …) is left out', { kind: 'no-done' }),
]

/** Every fault there is, in the order of the documentation. */
export const FAULT_WORDS: readonly FaultWord[] = [...TCP, ...HOPS, ...HTTP, ...EVENTS]
