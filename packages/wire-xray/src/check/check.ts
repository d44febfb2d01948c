import type { Diagnosis, DiagnosisCode } from '../diagnose/index.ts'
import { type Probed, type ProbeOptions, probe } from '../probe/probe.ts'
import { eventsOf, timingsOf } from '../timeline/index.ts'

/** One thing that was looked at. */
export interface Checked {
  readonly name: 'stream' | 'head' | 'spacing' | 'plain' | 'gzip' | 'heartbeat' | 'idle' | 'end' | 'cache'
  /** `skip`: it could not be seen in the time there was. */
  readonly result: 'pass' | 'fail' | 'skip'
  readonly text: string
  /** What to do; lines of configuration behind it. Empty for nothing. */
  readonly fix: string
}

/** How to ask, and for how long. */
export interface CheckOptions extends ProbeOptions {
  /** Milliseconds of a probe that waits for a cut. Default 0: none. */
  readonly idle?: number
}

/** Asks in several ways, one after the other, and yields each result as soon as it is there. Rejects as `probe` does. */
export async function* check(url: string | URL, options: CheckOptions = {}): AsyncGenerator<Checked, void> {
  const { idle = 0, time = 15_000, signal } = options
  const ask = (coding: string, how: number): Promise<Probed> => {
    const fields = [...fieldsOf(options), ['Accept-Encoding', coding] as const]
    return probe(url, { ...options, fields, time: how })
  }
  const plain = await ask('identity', Math.max(time, idle))
  yield isStream(plain)
  if (!isOk(plain)) return
  yield headAtOnce(plain)
  yield oneByOne(plain, time)
  yield notCompressed(plain)
  yield heartbeats(plain)
  if (idle > 0) yield survives(plain, idle)
  yield endsWell(plain)
  yield notKept(plain)
  if (!signal?.aborted) yield flushed(await ask('gzip', time), time)
}

function fieldsOf({ fields = [] }: CheckOptions): readonly (readonly [string, string])[] {
  const given = [...(Symbol.iterator in fields ? fields : Object.entries(fields))] as (readonly [string, string])[]
  return given.filter(([name]) => name.toLowerCase() !== 'accept-encoding')
}

const said = ({ diagnoses }: Probed, ...codes: DiagnosisCode[]): Diagnosis | undefined =>
  diagnoses.find(({ code }) => codes.includes(code))

const isOk = ({ exchange: { response } }: Probed): boolean => response !== undefined && response.status === 200

function failed(name: Checked['name'], { code, text, fix }: Diagnosis): Checked {
  return { name, result: 'fail', text: `${code}: ${text}`, fix }
}

function isStream(probed: Probed): Checked {
  const { response } = probed.exchange
  const wrong = said(probed, 'NO_ANSWER', 'BAD_HTTP', 'WRONG_CONTENT_TYPE')
  if (wrong) return failed('stream', wrong)
  const type = response?.fields.get('content-type') ?? ''
  if (!response)
    return { name: 'stream', result: 'fail', text: 'no answer in time', fix: 'A longer --time, or look at the server.' }
  if (response.status !== 200) {
    return {
      name: 'stream',
      result: 'fail',
      text: `the status is ${response.status}`,
      fix: 'Only a 200 can be a stream: see -H, -d and -X.',
    }
  }
  const isOne = /^(?:text\/event-stream|application\/(?:x-)?(?:ndjson|jsonl))/i.test(type)
  return isOne
    ? { name: 'stream', result: 'pass', text: `200 ${type}`, fix: '' }
    : {
        name: 'stream',
        result: 'fail',
        text: `the content type is ${type === '' ? 'missing' : type}`,
        fix: 'Content-Type: text/event-stream',
      }
}

/** Milliseconds a head may take. */
const AT_ONCE = 500

function headAtOnce(probed: Probed): Checked {
  const { firstByte = 0, firstEvent } = timingsOf(probed.exchange)
  const held = said(probed, 'HEAD_HELD')
  if (held && firstByte > AT_ONCE) return failed('head', held)
  const text = `the head came after ${firstByte.toFixed(0)} ms${firstEvent === undefined ? '' : `, the first event after ${firstEvent.toFixed(0)}`}`
  return { name: 'head', result: 'pass', text, fix: '' }
}

function oneByOne(probed: Probed, time: number): Checked {
  const wrong = said(
    probed,
    'BURST_AFTER_SILENCE',
    'COMPRESSOR_NOT_FLUSHED',
    'SIZE_QUANTUM',
    'TIME_QUANTUM_200MS',
    'SPLIT_EVENT_40MS',
  )
  if (wrong && wrong.severity !== 'info') return failed('spacing', wrong)
  const events = eventsOf(probed.exchange).length
  if (events === 0 && probed.left) {
    const text = `no event came in ${time / 1000} s: a hop holds them, or there are none`
    return { name: 'spacing', result: 'fail', text, fix: 'Ask the server without the hop, or longer (--time).' }
  }
  const { gaps } = timingsOf(probed.exchange)
  if (events < 2 || !gaps)
    return { name: 'spacing', result: 'skip', text: `${events} events say nothing about it`, fix: '' }
  return {
    name: 'spacing',
    result: 'pass',
    text: `${events} events, half of them within ${gaps.p50.toFixed(0)} ms of the one before`,
    fix: '',
  }
}

function notCompressed({ exchange: { response } }: Probed): Checked {
  const coding = response?.fields.get('content-encoding')
  if (coding === undefined || coding === 'identity') {
    return { name: 'plain', result: 'pass', text: 'not compressed for who refuses that', fix: '' }
  }
  return {
    name: 'plain',
    result: 'fail',
    text: `Content-Encoding: ${coding}, though Accept-Encoding is identity`,
    fix: 'Compress only for who accepts it (RFC 9110 §12.5.3), and event streams not at all.',
  }
}

function flushed(probed: Probed, time: number): Checked {
  const coding = probed.exchange.response?.fields.get('content-encoding')
  if (coding === undefined)
    return { name: 'gzip', result: 'pass', text: 'not compressed for who accepts gzip, either', fix: '' }
  const wrong = said(probed, 'COMPRESSOR_NOT_FLUSHED')
  if (wrong) return failed('gzip', wrong)
  if (isStream(probed).result === 'fail')
    return { name: 'gzip', result: 'skip', text: 'compressed, and no stream', fix: '' }
  const events = eventsOf(probed.exchange).length
  if (events > 0)
    return { name: 'gzip', result: 'pass', text: `compressed, and its ${events} events are flushed`, fix: '' }
  const text = `no event could be read in ${time / 1000} s of compressed content`
  return { name: 'gzip', result: 'fail', text, fix: 'Flush behind each event, or do not compress event streams.' }
}

/** Milliseconds of silence that nearly every hop allows. */
const SAFE = 30_000

function heartbeats({ exchange }: Probed): Checked {
  const reads = exchange.items.filter((item) => item.kind === 'read' && item.direction === 'down').map(({ at }) => at)
  const closed = exchange.items.findLast(
    (item) => item.kind === 'fin' || item.kind === 'reset' || item.kind === 'error',
  )
  const end = (exchange.end.kind === 'complete' ? exchange.end.at : closed?.at) ?? reads.at(-1) ?? exchange.askedAt
  const silence = Math.max(0, ...[...reads, end].map((at, n) => at - (reads[n - 1] ?? exchange.askedAt)))
  const beats = exchange.counts.comment ?? 0
  const text = `the longest silence was ${(silence / 1000).toFixed(1)} s${beats > 0 ? `, with ${beats} comments for heartbeats` : ''}`
  if (silence > SAFE)
    return {
      name: 'heartbeat',
      result: 'fail',
      text,
      fix: 'Send a comment (": ping") every 15 s while there is nothing else.',
    }
  const wasSilent = beats > 0 || silence > 5000
  return { name: 'heartbeat', result: wasSilent ? 'pass' : 'skip', text, fix: '' }
}

function survives(probed: Probed, idle: number): Checked {
  const cut = said(probed, 'IDLE_CUT')
  if (cut) return failed('idle', cut)
  const text = probed.left ? `nobody cut it for ${idle / 1000} s` : 'it was over before'
  return { name: 'idle', result: probed.left ? 'pass' : 'skip', text, fix: '' }
}

function endsWell(probed: Probed): Checked {
  const wrong = said(
    probed,
    'NO_TERMINATOR',
    'RESET_MID_BODY',
    'BAD_CHUNK',
    'IDLE_CUT',
    'APP_END_MISSING',
    'EVENT_LOST_AT_END',
    'ERROR_INSIDE_200',
  )
  if (wrong && wrong.severity !== 'info') return failed('end', wrong)
  if (probed.left) return { name: 'end', result: 'skip', text: 'it goes on: no end was seen', fix: '' }
  const { done } = probed.exchange.counts
  return { name: 'end', result: 'pass', text: done ? 'it ended whole, with its end mark' : 'it ended whole', fix: '' }
}

function notKept(probed: Probed): Checked {
  const kept = said(probed, 'CACHED_STREAM')
  if (kept) return failed('cache', kept)
  const control = probed.exchange.response?.fields.get('cache-control') ?? ''
  const isSafe = /no-store|no-cache|private/i.test(control) || probed.exchange.request.method !== 'GET'
  if (isSafe)
    return { name: 'cache', result: 'pass', text: control === '' ? 'not kept' : `Cache-Control: ${control}`, fix: '' }
  return {
    name: 'cache',
    result: 'fail',
    text: 'nothing forbids caches to keep it for others',
    fix: 'Cache-Control: no-store',
  }
}
