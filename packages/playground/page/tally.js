// All that is counted of one answer, and begins anew with the next question.
import { createMeter } from './meter.js'
import { createOrder } from './order.js'
import { createWireMeter } from './wire-meter.js'

/**
 * How an answer went: what the table below the lanes shows.
 *
 * @typedef {object} Result
 * @property {string} label
 * @property {string} state
 * @property {boolean} complete
 * @property {number | undefined} first milliseconds, by this page's clock
 * @property {number} total milliseconds, by this page's clock
 * @property {import('./answer.js').End | undefined} end
 * @property {number} cuts
 * @property {string} verdict of the order of events
 * @property {number} wireBytes
 * @property {number} textBytes
 */

/** @param {import('./lane-view.js').LaneView} view */
export function createTally(view) {
  const tally = {
    meter: createMeter(view.number),
    wire: createWireMeter(view.number),
    order: createOrder(),
    /** How often the line was cut, and came back. */
    cuts: 0,
    /** Why the answer is not complete, if it is not. */
    failure: 'The answer was cut.',
    end: /** @type {import('./answer.js').End | undefined} */ (undefined),
    /** @param {string} label @returns {Result} */
    result(label) {
      const { meter, wire, order, cuts, end } = tally
      return {
        label,
        state: view.stateText,
        complete: view.state === 'complete',
        first: meter.first,
        total: meter.total,
        end,
        cuts,
        verdict: order.verdict,
        wireBytes: wire.bytes,
        textBytes: wire.text,
      }
    },
  }
  return tally
}
