// The connection that an answer comes over: the browser opens it again by itself, and we only watch.
import { NO_ANSWER, reasonOf } from './no-stream.js'

/** How often in a row the browser may come back in vain. */
const RECONNECTIONS = 3

/**
 * @typedef {object} LineWatcher
 * @property {() => void} opened for the first time
 * @property {() => void} cut
 * @property {(after: number) => void} resumed milliseconds without a line
 * @property {(reason: string) => void} gone there will be no line any more
 */

/**
 * @param {EventSource} events
 * @param {LineWatcher} watcher
 */
export function watchLine(events, watcher) {
  let opened = false
  let failures = 0 // since the line was last open
  let cutAt = 0
  events.onopen = () => {
    if (opened) watcher.resumed(performance.now() - cutAt)
    else watcher.opened()
    opened = true
    failures = 0
  }
  events.onerror = async () => {
    failures++
    if (failures === 1) cutAt = performance.now()
    if (events.readyState === EventSource.CLOSED) {
      watcher.gone(opened ? 'The line is cut, and the answer is forgotten.' : await reasonOf(events.url))
    } else if (!opened || failures > RECONNECTIONS) watcher.gone(NO_ANSWER)
    else watcher.cut()
  }
}
