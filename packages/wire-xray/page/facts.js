// The numbers of an exchange, and what the lines of the staircase are.
import { milliseconds } from './format.js'

/** @typedef {import('./feed.js').PageExchange} PageExchange */
/** @typedef {import('./feed.js').Judgement} Judgement */

/** @param {HTMLElement} list @param {HTMLElement} legend */
export function createFacts(list, legend) {
  return {
    /** Without a judgement, which takes longer: what one knows without. @param {PageExchange} summary @param {Judgement | undefined} judgement */
    show(summary, judgement) {
      const pairs = factsOf(summary, judgement).filter(([, value]) => value !== undefined)
      list.replaceChildren(...pairs.map(([name, value, title]) => factOf(name, value ?? '', title)))
    },
    /** @param {readonly string[]} names */
    showTaps(names) {
      legend.replaceChildren(...names.filter((name) => name !== '').map(nameOf))
    },
  }
}

/** @param {string} name @param {number} n */
function nameOf(name, n) {
  const item = document.createElement('li')
  item.className = n === 0 ? 'front' : 'back'
  item.textContent = name
  return item
}

/** @param {PageExchange} summary @param {Judgement | undefined} judgement @returns {readonly (readonly [name: string, value: string | undefined, title: string])[]} */
function factsOf({ status, end, counts }, judgement) {
  const time = (/** @type {number | undefined} */ value) => (value === undefined ? undefined : milliseconds(value))
  const { firstByte, firstEvent, firstToken, total, gaps, bursts, tokensPerSecond } = judgement?.timings ?? {}
  return [
    ['answer', status === '' ? 'none yet' : status, 'the status'],
    ['end', end.kind === 'open' ? 'goes on' : `${end.kind}${end.code ? ` ${end.code}` : ''}`, 'how it ended'],
    ['first byte', time(firstByte), 'until the head of the answer (TTFB)'],
    ['first event', time(firstEvent), 'until the first event (TTFE)'],
    ['first token', time(firstToken), 'until the first token (TTFT)'],
    ['total', time(total), 'until it was over'],
    ['usual gap', time(gaps?.p50), 'half of the pauses between events were no longer'],
    ['longest gap', time(gaps?.max), 'the longest pause between events'],
    ['tokens/s', tokensPerSecond?.toFixed(tokensPerSecond < 10 ? 1 : 0), 'deltas a second'],
    ['reads', counts.read?.toLocaleString('en'), 'reads of the socket, of both directions'],
    ['events', (counts.event ?? counts.line)?.toLocaleString('en'), 'events, or lines of NDJSON'],
    [
      'bursts',
      bursts && bursts.length > 0 ? bursts.length.toLocaleString('en') : undefined,
      'events that came together',
    ],
    ['held', time(judgement?.held?.p50), 'half of the events were no longer between the two taps'],
    ['held longest', time(judgement?.held?.max), 'the longest an event was between the two taps'],
  ]
}

/** @param {string} name @param {string} value @param {string} title */
function factOf(name, value, title) {
  const fact = document.createElement('div')
  fact.title = title
  const [term, description] = [document.createElement('dt'), document.createElement('dd')]
  term.textContent = name
  description.textContent = value
  fact.append(term, description)
  return fact
}
