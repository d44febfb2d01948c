import { clipped } from '@sse-from-scratch/llm-stream/terminal'
import type { ShownExchange } from './exchanges.ts'
import type { FaultPrompt } from './fault-prompt.ts'
import { type KeyFacts, keyLines } from './key-lines.ts'

/** What the lines under the table say. */
export interface FooterFacts extends KeyFacts {
  /** `http://127.0.0.1:9000 → https://api.example.com` */
  readonly title: string
  readonly connections: number
  readonly exchange: ShownExchange | undefined
  readonly rhythm: string
  /** What goes wrong on purpose from the next request on; empty if nothing does. */
  readonly faults: string
  /** In which faults are being typed. */
  readonly prompt: Pick<FaultPrompt, 'text' | 'hint'> | undefined
}

/** Cells of a request that are shown however little room there is: its method, and how its path begins. */
const LEAST_REQUEST = 12

/** Lines of at most so many cells: as many as always, so that nothing jumps. */
export function footerLines(facts: FooterFacts, columns: number): readonly string[] {
  const { exchange, rhythm, prompt } = facts
  const keys = keyLines(facts, columns)
  const lines = [
    titleLine(facts),
    ` ${exchange ? exchangeLine(exchange, columns - 1) : 'nothing has been asked yet'}`,
    prompt ? ` ${prompt.hint}` : rhythm === '' ? '' : ` rhythm ${rhythm}`,
    ...(prompt ? [promptLine(prompt.text, columns), ...keys.slice(1).map(() => '')] : keys),
  ]
  return lines.map((line) => clipped(line, columns))
}

/** What is switched on comes first: it is what may be forgotten. */
function titleLine({ title, connections, recording, faults }: FooterFacts): string {
  const on = [...(recording === undefined ? [] : [`● ${recording}`]), ...(faults === '' ? [] : [`✗ ${faults}`])]
  const open = connections === 1 ? '1 connection' : `${connections} connections`
  return ` xray ${[...on, title, open].join('  ')}`
}

/** The end of what is typed is always seen. */
function promptLine(text: string, columns: number): string {
  const keys = '  [enter] take  [esc] leave'
  const room = columns - ' faults: _'.length
  const line = ` faults: ${text.length > room ? `…${text.slice(1 - room)}` : text}_`
  return line.length + keys.length <= columns ? line + keys : line
}

/** The times are what it is looked at for: where there is no room for all, the end of the path gives way. */
function exchangeLine({ number, request, status, ...rest }: ShownExchange, room: number): string {
  const behind = [status ?? 'no answer yet', ...soFar(rest)].join('  ')
  const forRequest = room - `#${number}   ${behind}`.length
  return `#${number} ${cut(request, Math.max(forRequest, LEAST_REQUEST))}  ${behind}`
}

function cut(text: string, room: number): string {
  return clipped(text, room) === text ? text : `${clipped(text, room - 1)}…`
}

/** When what came first, and how many events there are. */
function soFar({ askedAt, headAt, eventAt, deltaAt, events }: Omit<ShownExchange, 'number' | 'request' | 'status'>) {
  const after = (name: string, at: number | undefined) =>
    at === undefined ? [] : [`${name} ${(at - askedAt).toFixed(at - askedAt < 100 ? 1 : 0)}`]
  const times = [...after('TTFB', headAt), ...after('TTFE', eventAt), ...after('TTFT', deltaAt)]
  return [
    ...(times.length > 0 ? [`${times.join('  ')} ms`] : []),
    ...(events > 0 ? [`${events} ${events === 1 ? 'event' : 'events'}`] : []),
  ]
}
