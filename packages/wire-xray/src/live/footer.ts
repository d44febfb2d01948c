import { clipped } from '@sse-from-scratch/llm-stream/terminal'
import type { Exchange } from './exchanges.ts'
import type { Shown } from './table.ts'

/** What the lines under the table say. */
export interface FooterFacts {
  /** `http://127.0.0.1:9000 → https://api.example.com` */
  readonly title: string
  readonly connections: number
  readonly exchange: Exchange | undefined
  readonly rhythm: string
  readonly paused: boolean
  /** Lines that wait until the pause is over. */
  readonly held: number
  readonly shown: Shown
  readonly hex: boolean
  /** Where a recording is written to. */
  readonly recording: string | undefined
}

/** A key and what it does now; those that are needed least come last. */
type Key = readonly [key: string, meaning: string]

/** Lines of at most so many cells: as many as always, so that nothing jumps. */
export function footerLines(facts: FooterFacts, columns: number): readonly string[] {
  const { title, connections, exchange, rhythm, recording } = facts
  const open = connections === 1 ? '1 connection' : `${connections} connections`
  const lines = [
    ` xray ${title}  ${open}${recording === undefined ? '' : `  ● ${recording}`}`,
    ` ${exchange ? exchangeLine(exchange) : 'nothing has been asked yet'}`,
    rhythm === '' ? '' : ` rhythm ${rhythm}`,
    keyLine(facts, columns),
  ]
  return lines.map((line) => clipped(line, columns))
}

function exchangeLine({ number, request, status, askedAt, headAt, eventAt, deltaAt, events }: Exchange): string {
  const after = (name: string, at: number | undefined) =>
    at === undefined ? [] : [`${name} ${(at - askedAt).toFixed(at - askedAt < 100 ? 1 : 0)}`]
  const times = [...after('TTFB', headAt), ...after('TTFE', eventAt), ...after('TTFT', deltaAt)]
  const inAll = [
    ...(times.length > 0 ? [`${times.join('  ')} ms`] : []),
    ...(events > 0 ? [`${events} ${events === 1 ? 'event' : 'events'}`] : []),
  ]
  return [`#${number} ${request}  ${status ?? 'no answer yet'}`, ...inAll].join('  ')
}

function keyLine({ paused, held, shown, hex }: FooterFacts, columns: number): string {
  const keys: readonly Key[] = [
    ['q', 'quit'],
    ['space', paused ? `go on (${held} lines)` : 'pause'],
    ['l', `layer: ${shown}`],
    ['h', hex ? 'no hex' : 'hex'],
    ['e', 'explain'],
  ]
  let line = ''
  for (const [key, meaning] of keys) {
    const next = `${line} [${key}] ${meaning} `
    if (next.length - 1 > columns) break
    line = next
  }
  return line.trimEnd()
}
