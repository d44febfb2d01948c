// What the events of an answer say: what src/answer.ts sends.

/**
 * What the event `end` says.
 *
 * @typedef {object} End
 * @property {boolean} complete
 * @property {string} [stopReason]
 * @property {{ readonly inputTokens: number, readonly outputTokens: number, readonly estimated?: boolean }} [usage]
 * @property {number} attempts
 * @property {Metrics} metrics
 */
/** @typedef {Record<string, number | undefined>} Metrics */

/**
 * The events of an answer: their types, and what their data is.
 *
 * @typedef {object} Answer
 * @property {{ readonly model: string, readonly path: string }} start
 * @property {{ readonly delta: string }} token
 * @property {{ readonly delta: string }} reasoning
 * @property {{ readonly delta: string }} refusal
 * @property {{ readonly attempt: number, readonly delay: number, readonly message: string }} retry
 * @property {unknown} usage
 * @property {Metrics} metrics
 * @property {{ readonly code: string, readonly message: string }} failure
 * @property {End} end
 */
/** @typedef {{ [Type in keyof Answer]: (data: Answer[Type]) => void }} AnswerListeners */

/**
 * Hands each event that was not heard before to the listener of its type.
 *
 * @param {EventSource} events
 * @param {import('./order.js').Order} order
 * @param {AnswerListeners} listeners
 */
export function hearAnswer(events, order, listeners) {
  for (const [type, listener] of Object.entries(listeners)) {
    events.addEventListener(type, ({ data, lastEventId }) => {
      if (order.take(lastEventId)) /** @type {(data: unknown) => void} */ (listener)(JSON.parse(data))
    })
  }
}

/** What the codes of failures come down to. @type {Record<string, string>} */
const FAILURES = {
  LLM_TRUNCATED: 'Cut',
  LLM_TIMEOUT: 'Stalled',
  LLM_PROTOCOL: 'Broken',
  LLM_PROVIDER: 'Failed by the provider',
  LLM_OVERLOADED: 'Overloaded',
  LLM_QUOTA: 'Out of money',
  LLM_RATE_LIMITED: 'Too fast',
  LLM_STATUS: 'Refused',
  LLM_CONNECT: 'Not reached',
  LLM_ABORTED: 'Stopped by the server',
}

/** @param {Answer['failure']} failure */
export function failureText({ code, message }) {
  return `${FAILURES[code] ?? 'Failed'}: ${message}`
}
