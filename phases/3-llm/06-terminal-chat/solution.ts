import { clipped, createSanitizer, textWidth } from '@sse-from-scratch/llm-stream/terminal'
import type { Answer, Paint, Step, Turn, Ui } from './contract.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const characters = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)

export const step: Step = (ui, event) => {
  const { phase, input, turns } = ui
  if (event.kind === 'type') return { ...ui, input: input + event.text }
  if (event.kind === 'erase') return { ...ui, input: characters(input).slice(0, -1).join('') }
  if (phase === 'ready' && event.kind === 'interrupt') return { ...ui, phase: 'left' }
  if (phase === 'ready' && event.kind === 'enter' && input.trim() !== '') return ask(ui, event.at)
  const answer = turns.at(-1)
  if (phase !== 'answering' || answer?.who !== 'model') return ui // also for a delta that was on its way when you stopped it
  const change = (to: Partial<Answer>) => ({ ...ui, turns: [...turns.slice(0, -1), { ...answer, ...to }] })
  const finish = (end: string): Ui => ({ ...change({ end }), phase: 'ready' }) // what has come stays
  if (event.kind === 'complete') return finish('complete')
  if (event.kind === 'interrupt') return finish('stopped')
  if (event.kind === 'failed') return finish(event.say)
  if (event.kind !== 'delta' || event.delta.kind !== 'text') return ui
  const { firstAt = event.at } = answer
  return change({ text: answer.text + event.delta.text, tokens: answer.tokens + 1, firstAt, lastAt: event.at })
}

function ask({ input, turns }: Ui, askedAt: number): Ui {
  const asked: Turn[] = [...turns, { who: 'you', text: input }, { who: 'model', text: '', tokens: 0, askedAt }]
  return { phase: 'answering', input: '', turns: asked }
}

export const paint: Paint = ({ phase, input, turns }, cols) => {
  const last = { ready: [`> ${input}`], answering: ['(Ctrl-C stops the answer)'], left: [] }[phase]
  const said = turns.flatMap((turn) => (turn.who === 'you' ? [`> ${turn.text}`] : [turn.text, numbers(turn), '']))
  const safe = createSanitizer()([...said, ...last].join('\n')) // of the whole: a sequence may be cut between two deltas
  const rows = safe.split('\n').flatMap((line) => wrap(line, cols))
  return rows.join('\n')
}

function numbers({ tokens, askedAt, firstAt, lastAt = 0, end = '' }: Answer): string {
  if (firstAt === undefined) return end === '' ? '[waiting for the first token]' : `[no answer: ${end}]`
  const parts = [`${tokens} token${tokens === 1 ? '' : 's'}`, `first after ${Math.round(firstAt - askedAt)} ms`]
  if (lastAt > firstAt) parts.push(`${Math.round(((tokens - 1) / (lastAt - firstAt)) * 1000)} tokens/s`) // n tokens, n - 1 gaps
  return `[${[...parts, ...(end === '' || end === 'complete' ? [] : [end])].join(', ')}]`
}

function wrap(line: string, cols: number): string[] {
  const [first = '', ...words] = line.split(' ')
  const rows = pieces(first, cols)
  for (const word of words) {
    const row = `${rows.at(-1)} ${word}`
    if (textWidth(row) <= cols) rows[rows.length - 1] = row
    else rows.push(...pieces(word, cols))
  }
  return rows
}

/** A word in pieces that fit: nearly always one. */
function pieces(word: string, cols: number): string[] {
  const head = clipped(word, cols)
  return head === word ? [word] : [head, ...pieces(word.slice(head.length), cols)]
}
