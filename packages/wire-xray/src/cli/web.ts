import { basename } from 'node:path'
import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import { TcpError } from '@sse-from-scratch/tcp-echo'
import { exchangesOf } from '../timeline/index.ts'
import { startWebView, type WebView, type WebViewOptions } from '../web/index.ts'
import { CommandError } from './command-error.ts'
import { parseFlags, UsageError, wholeNumberIn } from './options.ts'
import { recordingAt } from './recording-at.ts'
import { aborted, type Command, EXIT } from './terminal.ts'

const FLAGS = {
  port: { type: 'string' },
} as const

/** Where the page is, if nothing else is said: next to the proxy. */
export const WEB_PORT = 9001

/** Shows a recording in a browser; or two, of both sides of a hop: the one in front first. */
export async function web({ argv, terminal, signal }: Command): Promise<number> {
  const { values, positionals } = parseFlags(argv, FLAGS)
  const port = wholeNumberIn(values.port, '--port', 0, 65_535) ?? WEB_PORT
  if (positionals.length === 0) throw new UsageError('file is missing')
  if (positionals.length > 2) throw new UsageError(`two files at most: what is ${JSON.stringify(positionals[2])}?`)
  const recordings = await Promise.all(positionals.map((path) => recordingAt(path, terminal)))
  const exchanges = await Promise.all(recordings.map((recording) => exchangesOf(recording, { withBytes: true })))
  if (exchanges.every(({ length }) => length === 0))
    throw new CommandError('There is no HTTP request in it: nothing to show.')
  const view = await opened({
    title: positionals.map((path) => basename(path)).join(' and '),
    taps: exchanges.map((list, n) => ({ name: basename(positionals[n] ?? ''), exchanges: list })),
    shift: shiftOf(recordings),
    port,
  })
  try {
    terminal.stderr.write(`${view.url} shows it, until Ctrl-C.\n`)
    await aborted(signal)
  } finally {
    await view[Symbol.asyncDispose]()
  }
  return EXIT.done
}

/** Rejects with a CommandError when nobody can listen there. */
export async function opened(options: WebViewOptions): Promise<WebView> {
  try {
    return await startWebView(options)
  } catch (error) {
    if (error instanceof TcpError) throw new CommandError(`the page cannot be shown: ${error.message}`)
    throw error
  }
}

/** Each recording counts its times from when it began. */
function shiftOf([front, back]: readonly Recording[]): number {
  const shift = Date.parse(back?.head.startedAt ?? '') - Date.parse(front?.head.startedAt ?? '')
  return Number.isFinite(shift) ? shift : 0
}
