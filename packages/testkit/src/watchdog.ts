import { url as inspectorUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'
import { expect } from 'vitest'

/** Seconds the thread of a test file may be busy without once looking at its events. */
const PATIENCE = Number(process.env['WATCHDOG_SECONDS'] ?? 60)

// Loaded before every test file. A test that spins, also one that only awaits what is resolved already, starves the very
// timer that would stop it: the run would hang for ever and say nothing. So another thread watches, and ends the process;
// vitest then fails the file. It counts its own seconds, because a laptop that slept is no loop; and a thread that waits for a
// processor, or for a program that it started, is none either, so the process must have been busy for as long.
const WATCHER = `
const { workerData: { beats, patience }, parentPort } = require('node:worker_threads')
let file = ''
let last = -1
let silent = 0
let busy = 0
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6 }
parentPort.on('message', (next) => { file = next })
setInterval(() => {
  const now = Atomics.load(beats, 0)
  silent = now === last ? silent + 1 : 0
  if (silent === 0) busy = used()
  last = now
  const isLoop = silent >= patience && used() - busy >= patience
  if (!isLoop && silent < 12 * patience) return
  require('node:fs').writeSync(2, '\\nwatchdog: ' + file + ' was busy for ' + patience + ' s without looking at an event: a loop without end?\\n')
  process.kill(process.pid, 'SIGKILL')
}, 1000)
`

/** Test files that share a thread share its watcher, which costs as much as many a file: 14 s of a processor for the course's 293. */
const WATCHED = Symbol.for('testkit.watchdog')
const shared = globalThis as { [WATCHED]?: Worker }

// A breakpoint is no loop either.
if (inspectorUrl() === undefined) {
  shared[WATCHED] ??= watch()
  shared[WATCHED].postMessage(expect.getState().testPath)
}

function watch(): Worker {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(beats, 0, 1), 500).unref()
  const watcher = new Worker(WATCHER, { eval: true, workerData: { beats, patience: PATIENCE } })
  watcher.unref()
  return watcher
}
