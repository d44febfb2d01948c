// The bytes of all answers of one question, as an event stream of their own.

/**
 * Closes itself when all runs have ended, and when the line is cut: bytes are told once (src/streams.ts).
 *
 * @param {ReadonlyMap<string, import('./lane.js').Lane>} byRun
 */
export function watchBytes(byRun) {
  const query = new URLSearchParams([...byRun.keys()].map((run) => ['run', run]))
  const source = new EventSource(`/bytes?${query}`)
  const laneOf = (/** @type {string} */ id) => byRun.get(id.slice(0, id.lastIndexOf('.')))
  let ended = 0
  source.addEventListener('bytes', ({ data, lastEventId }) => laneOf(lastEventId)?.view.bytes(JSON.parse(data)))
  source.addEventListener('end', () => {
    if (++ended === byRun.size) source.close()
  })
  source.addEventListener('error', () => source.close())
  return source
}
