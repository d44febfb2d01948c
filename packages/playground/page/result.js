// How it went, answer beside answer: what the server measured beside the model, and what this page saw of the line.
import { milliseconds, rate, seconds } from './meter.js'

/** @typedef {import('./tally.js').Result} Result */

/** A row of the table; a value that did not happen is a dash. @type {[string, (result: Result) => string | undefined][]} */
const ROWS = [
  ['outcome', ({ state }) => state],
  ['attempts', ({ end }) => end && `${end.attempts}`],
  ['connected', ({ end }) => time(end?.metrics['connect'])],
  ['first byte', ({ end }) => time(end?.metrics['firstByte'])],
  ['first token', ({ end }) => time(end?.metrics['firstToken'])],
  ['between two tokens, median', ({ end }) => time(end?.metrics['interTokenP50'])],
  ['between two tokens, 99 %', ({ end }) => time(end?.metrics['interTokenP99'])],
  ['tokens/s', ({ end }) => number(end?.metrics['tokensPerSecond'], rate)],
  ['burst factor', ({ end }) => number(end?.metrics['burstFactor'], (value) => value.toFixed(2))],
  ['total', ({ end }) => number(end?.metrics['total'], seconds)],
  ['tokens in, out', ({ end }) => usageOf(end?.usage)],
  ['bytes of the model’s response', ({ wireBytes }) => wireBytes.toLocaleString('en')],
  ['of these, text', ({ textBytes }) => textBytes.toLocaleString('en')],
  ['line to this page', ({ cuts, verdict }) => `cut ${cuts} ×; ${verdict}`],
]

/** @param {HTMLElement} section with the table */
export function createResultView(section) {
  const head = /** @type {HTMLElement} */ (section.querySelector('thead'))
  const body = /** @type {HTMLElement} */ (section.querySelector('tbody'))
  return {
    clear() {
      section.hidden = true
    },
    /** @param {readonly Result[]} results */
    show(results) {
      const names = results.map(({ label }) => cell('th', label, 'col'))
      head.replaceChildren(row(cell('th', 'by the server’s clock', 'col'), ...names))
      body.replaceChildren(
        ...ROWS.map(([name, value]) =>
          row(cell('th', name, 'row'), ...results.map((result) => cell('td', value(result) ?? '–'))),
        ),
      )
      section.hidden = false
    },
  }
}

/**
 * Who was faster, in a sentence; nothing to say about one alone.
 *
 * @param {readonly Result[]} results
 */
export function verdictOf(results) {
  const [one, other] = results
  if (!one || !other) return ''
  if (one.complete !== other.complete)
    return `${nameOf(one.complete ? one : other, results)} is complete, the other one is not.`
  if (!one.complete) return 'Neither answer is complete.'
  const first = faster(results, ({ first = Number.POSITIVE_INFINITY }) => first)
  const total = faster(results, ({ total }) => total)
  return `First token: ${nameOf(first.winner, results)}, ${milliseconds(first.by)} ahead. Whole answer: ${nameOf(total.winner, results)}, ${milliseconds(total.by)} ahead.`
}

/** @param {readonly Result[]} results @param {(result: Result) => number} timeOf */
function faster([one, other], timeOf) {
  const [a, b] = [/** @type {Result} */ (one), /** @type {Result} */ (other)]
  const by = timeOf(b) - timeOf(a)
  return { winner: by >= 0 ? a : b, by: Math.abs(by) }
}

/** @param {Result} result @param {readonly Result[]} all */
function nameOf(result, all) {
  const same = all.filter(({ label }) => label === result.label).length > 1
  return same ? `${result.label} (${all.indexOf(result) === 0 ? 'first' : 'second'})` : result.label
}

/** @param {number | undefined} value @param {(value: number) => string} format */
function number(value, format) {
  return value === undefined ? undefined : format(value)
}

/** @param {number | undefined} value */
function time(value) {
  return number(value, (known) => (known < 10 ? `${known.toFixed(1)} ms` : milliseconds(known)))
}

/** @param {import('./answer.js').End['usage']} usage */
function usageOf(usage) {
  return usage && `${usage.inputTokens}, ${usage.outputTokens}${usage.estimated ? ' (estimated)' : ''}`
}

/** @param {string} tag @param {string} text @param {string} [scope] */
function cell(tag, text, scope) {
  const element = document.createElement(tag)
  element.textContent = text
  if (scope) element.setAttribute('scope', scope)
  return element
}

/** @param {HTMLElement[]} cells */
function row(...cells) {
  const element = document.createElement('tr')
  element.append(...cells)
  return element
}
