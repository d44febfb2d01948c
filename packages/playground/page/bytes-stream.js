// The bytes of all answers of one question, as an event stream of their own.
import { watchLine } from './line.js'
import { createOrder } from './order.js'

/**
 * Closes itself when all runs have ended. A browser that comes back may be told again what it has had
 * (src/streams.ts: one Last-Event-ID cannot speak for two runs); that is dropped here.
 *
 * @param {ReadonlyMap<string, import('./lane.js').Lane>} byRun
 */
export function watchBytes(byRun) {
  const query = new URLSearchParams([...byRun.keys()].map((run) => ['run', run]))
  const source = new EventSource(`/bytes?${query}`)
  const orders = new Map([...byRun.keys()].map((run) => [run, createOrder()]))
  let ended = 0

  /** @param {string} type @param {(lane: import('./lane.js').Lane, data: any) => void} listener */
  function on(type, listener) {
    source.addEventListener(type, ({ data, lastEventId }) => {
      const run = lastEventId.slice(0, lastEventId.lastIndexOf('.'))
      const lane = byRun.get(run)
      if (lane && orders.get(run)?.take(lastEventId)) listener(lane, JSON.parse(data))
    })
  }
  on('bytes', (lane, event) => lane.bytes(event))
  on('mark', (lane, event) => lane.view.mark(event))
  on('end', (lane) => {
    lane.bytesEnd()
    if (++ended === byRun.size) source.close()
  })
  watchLine(source, { opened() {}, cut() {}, resumed() {}, gone: () => source.close() })
  return source
}
