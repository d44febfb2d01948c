import { readFileSync } from 'node:fs'
import { readCapture, type Segment } from './poster-pcap.ts'
import { type Drawing, TOP, text, WIDTH } from './poster-svg.ts'

const CAPTURE = new URL('../../docs/posters/tcp-life.pcap', import.meta.url)
const CLIENT_AT = 250
const SERVER_AT = WIDTH - 250
const STEP = 54

const KERNEL = '(the kernel answers)'

/** What each side did before it sent a segment, in the words of tcp-echo, and what the segment means. */
const MEANINGS: readonly { readonly call: string; readonly meaning: string }[] = [
  { call: 'connect()', meaning: 'SYN: I count my bytes from here' },
  { call: KERNEL, meaning: 'heard, and I count mine from here' },
  { call: 'connect() resolves', meaning: 'heard. Now listen() has a connection' },
  { call: "write('hello\\n')", meaning: 'five letters and LF' },
  { call: KERNEL, meaning: 'I have them; the next is byte 7' },
  { call: "write('hello\\n')", meaning: 'the echo' },
  { call: KERNEL, meaning: 'I have them' },
  { call: 'end()', meaning: 'FIN: nothing more comes from me' },
  { call: 'read() is null, then end()', meaning: 'FIN: nor from me. It says “heard” too' },
  { call: 'read() is null', meaning: 'heard: the connection is over' },
]

const NOTES: readonly string[] = [
  'seq: the number of its first byte. ack: the byte it wants next. A SYN and a FIN count as one byte each.',
  'At the sides is what the programs did or saw then. Segments are the work of the kernels.',
  'Seen by tcpdump on the loopback interface, with the two ends of tcp-echo (RFC 9293 §3.5, §3.6).',
]

interface Step {
  readonly segment: Segment
  readonly isClient: boolean
  readonly call: string
  readonly meaning: string
}

/** A ladder: time goes down, each arrow is a segment that tcpdump saw. */
export function drawTcpLife(): Drawing {
  const life = steps()
  const bottom = TOP + 34 + life.length * STEP
  const parts = [
    text(CLIENT_AT, TOP + 10, 'client', 'name mid'),
    text(SERVER_AT, TOP + 10, 'server', 'name mid'),
    `<path class="line" d="M${CLIENT_AT} ${TOP + 20}V${bottom}M${SERVER_AT} ${TOP + 20}V${bottom}"/>`,
    ...life.flatMap((step, at) => drawStep(step, TOP + 60 + at * STEP)),
    ...NOTES.map((note, at) => text(WIDTH / 2, bottom + 24 + at * 17, note, 'quiet mid')),
  ]
  return { parts, height: bottom + 24 + NOTES.length * 17 }
}

function drawStep({ segment, isClient, call, meaning }: Step, y: number): string[] {
  const [from, to] = isClient ? [CLIENT_AT, SERVER_AT] : [SERVER_AT, CLIENT_AT]
  const point = isClient ? to - 9 : to + 9
  const side = isClient ? text(CLIENT_AT - 12, y - 4, call, 'end') : text(SERVER_AT + 12, y - 4, call)
  return [
    side,
    `<path class="arrow" d="M${from} ${y - 8}L${point} ${y}"/><path class="head" d="M${to} ${y}L${point} ${y - 4.5}V${y + 4.5}Z"/>`,
    text(WIDTH / 2, y - 14, headerOf(segment), 'mono mid'),
    text(WIDTH / 2, y + 16, meaning, 'quiet mid'),
  ]
}

/** The same as a table. */
export function tellTcpLife(): string {
  const rows = steps().map(({ segment, isClient, call, meaning }) => {
    return `| ${isClient ? call : ''} | ${isClient ? '→' : '←'} ${headerOf(segment)} | ${isClient ? '' : call} | ${meaning} |`
  })
  return ['| client | segment | server | it says |', '|---|---|---|---|', ...rows, '', ...NOTES].join('\n')
}

function steps(): Step[] {
  const segments = readCapture(readFileSync(CAPTURE))
  if (segments.length !== MEANINGS.length) throw new Error(`${segments.length} segments, ${MEANINGS.length} meanings`)
  const client = segments[0]?.from
  return segments.map((segment, at) => {
    const said = MEANINGS[at]
    if (said === undefined) throw new Error(`segment ${at} has no meaning`)
    return { segment, isClient: segment.from === client, ...said }
  })
}

function headerOf({ flags, seq, ack, payload }: Segment): string {
  const names = flags.filter((flag) => flag !== 'PSH').join(' ')
  const numbers = flags.includes('ACK') ? `seq ${seq}, ack ${ack}` : `seq ${seq}`
  return payload.length === 0 ? `${names}, ${numbers}` : `${names}, ${numbers}, ${payload.length} bytes`
}
