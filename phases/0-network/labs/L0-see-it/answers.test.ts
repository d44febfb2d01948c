import { expect, mistake } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { answers } from '#lab/L0-see-it'
import { readRecording } from './record.ts'

const noDot = mistake<readonly string[]>(
  'no-ack',
  'The dot is ACK, and it belongs to the flags: `S.` says SYN and ACK in one packet (RFC 9293 §3.5).',
  (got) => got.includes('S') && !got.includes('S.'),
)
const serversPort = mistake<number>(
  'servers-port',
  '8080 is the port that the client calls. Its own is the one that its kernel has chosen: left of `>` in the first packet.',
  (got) => got === 8080,
)
const synIsRequest = mistake<number>(
  'syn-is-request',
  'The first three packets open the connection, and have no data: `length 0`. A request can come only behind them.',
  (got) => got < 4,
)
const withHeaders = mistake<number>(
  'counts-headers',
  'You have counted the headers of IP and TCP, too. The bytes of data are in `length`, at the end of the line.',
  (got) => got > 100,
)
const everyPacket = mistake<number>(
  'every-packet',
  'Most packets carry nothing: they say how much has come (ACK), or open and close. Count those whose length is not 0.',
  (got) => got > 2,
)

interface Packet {
  readonly from: number
  readonly flags: string
  readonly length: number
}

/** The truth of the recording: one line of tcpdump for each packet. */
function packets(): Packet[] {
  const lines = (readRecording().tcpdump ?? '').matchAll(/IP [\d.]+\.(\d+) > .*? Flags \[([A-Z.]+)\],.* length (\d+)/g)
  return [...lines].map(([, from, flags = '', length]) => ({ from: Number(from), flags, length: Number(length) }))
}

test('the three packets that open a connection', () => {
  const flags = answers.handshake()
  const truth = packets().map((packet) => packet.flags)
  expect(flags).toMean<readonly string[]>(truth.slice(0, 3), { mistakes: [noDot] })
})

test('the port of the client', () => {
  expect(answers.clientPort()).toMean(packets()[0]?.from ?? 0, { mistakes: [serversPort] })
})

test('the packet with the request', () => {
  const got = answers.requestPacket()
  expect(got).toMean(packets().findIndex(({ length }) => length > 0) + 1, { mistakes: [synIsRequest] })
})

test('the bytes of the request', () => {
  const got = answers.requestBytes()
  expect(got).toMean(packets().find(({ length }) => length > 0)?.length ?? 0, { mistakes: [withHeaders] })
})

test('who hangs up first', () => {
  const got = answers.firstFin()
  const first = packets().find(({ flags }) => flags.includes('F'))
  expect(got).toMean(first?.from === 8080 ? 'server' : 'client')
})

test('the packets with data', () => {
  const got = answers.packetsWithData()
  expect(got).toMean(packets().filter(({ length }) => length > 0).length, { mistakes: [everyPacket] })
})
