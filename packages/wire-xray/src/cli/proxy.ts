import { readFile } from 'node:fs/promises'
import { TcpError } from '@sse-from-scratch/tcp-echo'
import { type Fault, imitationOf, parseFaults } from '../faults/index.ts'
import type { View } from '../live/view.ts'
import { type ProxyOptions, startProxy, type XrayProxy } from '../proxy/start-proxy.ts'
import { baseUrls } from './base-urls.ts'
import { CommandError } from './command-error.ts'
import { byteSize, oneOf, onlyOne, parseFlags, UsageError, wholeNumber } from './options.ts'
import { recordTo } from './record.ts'
import { targetIn } from './target-word.ts'
import { aborted, type Command, EXIT } from './terminal.ts'
import { openView, VIEWS } from './views.ts'

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'i-know': { type: 'boolean' },
  ca: { type: 'string' },
  record: { type: 'string' },
  'redact-body': { type: 'string' },
  'no-request-body': { type: 'boolean' },
  view: { type: 'string' },
  json: { type: 'boolean' },
  'max-mem': { type: 'string' },
  fault: { type: 'string', multiple: true },
  imitate: { type: 'string' },
  'connect-timeout': { type: 'string' },
  'idle-timeout': { type: 'string' },
} as const

const PORT = 9000

/** Stands in for a server until somebody ends it. */
export async function proxy(command: Command): Promise<number> {
  const { argv, terminal, signal } = command
  const { values, positionals } = parseFlags(argv, FLAGS)
  const url = targetIn(onlyOne(positionals, 'target'))
  const view = oneOf(values.json ? 'json' : values.view, VIEWS, '--view')
  const options = await proxyOptions(values, url)
  const quit = new AbortController()
  const stop = () => quit.abort()
  signal.addEventListener('abort', stop, { once: true })
  const recording = await recordTo(values.record, url.origin, terminal.stderr)
  let shown: View | undefined
  let listening: XrayProxy | undefined
  try {
    listening = await started({
      ...options,
      onItem: (item) => shown?.take(item),
      ...(recording && { onMasked: recording.take }),
    })
    terminal.stderr.write(welcome(listening.url, url))
    shown = openView(command, view, {
      title: `${listening.url} → ${url.origin}`,
      recording: values.record,
      onQuit: stop,
    })
    await aborted(quit.signal)
  } finally {
    await listening?.[Symbol.asyncDispose]()
    await listening?.settled()
    shown?.close()
    await recording?.close()
  }
  return EXIT.done
}

type Values = ReturnType<typeof parseFlags<typeof FLAGS>>['values']

async function proxyOptions(values: Values, url: URL): Promise<ProxyOptions> {
  const port = wholeNumber(values.port, '--port', 0, 65_535) ?? PORT
  const maxWaiting = byteSize(values['max-mem'], '--max-mem')
  const connectTimeout = wholeNumber(values['connect-timeout'], '--connect-timeout', 0, 2_000_000)
  const idleTimeout = wholeNumber(values['idle-timeout'], '--idle-timeout', 0, 2_000_000)
  const faults = faultsIn(values)
  return {
    target: url.origin,
    port,
    exposed: values['i-know'] === true,
    withBytes: true,
    faults,
    redactMembers: namesIn(values['redact-body']),
    requestBodies: values['no-request-body'] !== true,
    ...(values.host !== undefined && { host: values.host }),
    ...(maxWaiting !== undefined && { maxWaiting }),
    ...(connectTimeout !== undefined && { connectTimeout: connectTimeout * 1000 }),
    ...(idleTimeout !== undefined && { idleTimeout: idleTimeout * 1000 }),
    ...(values.ca !== undefined && { tls: { ca: await certificates(values.ca) } }),
  }
}

/** The imitated hop is next to the server, and the faults behind it, in their order. */
function faultsIn({ imitate, fault = [] }: Values): readonly Fault[] {
  try {
    return [...(imitate === undefined ? [] : imitationOf(imitate)), ...fault.flatMap(parseFaults)]
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** @throws UsageError when none is given */
function namesIn(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const names = text.split(',').map((name) => name.trim())
  if (!names.includes('')) return names
  throw new UsageError(`--redact-body is names of JSON members such as messages,prompt, not ${JSON.stringify(text)}`)
}

async function certificates(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`--ca: ${error.message}`)
  })
}

async function started(options: ProxyOptions): Promise<XrayProxy> {
  try {
    return await startProxy(options)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message} (--i-know says that they may)`)
    if (error instanceof TcpError) throw new CommandError(`cannot listen: ${error.message}`)
    throw error
  }
}

function welcome(proxy: string, target: URL): string {
  const lines = baseUrls(proxy, target).map((line) => `  ${line}\n`)
  return `xray listens at ${proxy} and asks ${target.origin}, until Ctrl-C. For clients:\n${lines.join('')}`
}
