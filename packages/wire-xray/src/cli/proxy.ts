import { TcpError } from '@sse-from-scratch/tcp-echo'
import { imitationOf, parseFaults } from '../faults/index.ts'
import type { View } from '../live/view.ts'
import type { ProxyOptions } from '../proxy/options.ts'
import { startProxy, type XrayProxy } from '../proxy/start-proxy.ts'
import { baseUrls } from './base-urls.ts'
import { CommandError } from './command-error.ts'
import { createFaultSwitch, type FaultSwitch } from './fault-switch.ts'
import { type LivePage, livePage } from './live-page.ts'
import { liveSwitches } from './live-switches.ts'
import { oneOf, onlyOne, UsageError } from './options.ts'
import { proxyFlags, proxyOptions } from './proxy-options.ts'
import { createRecordingSwitch } from './record.ts'
import { targetIn } from './target-word.ts'
import { aborted, type Command, EXIT } from './terminal.ts'
import { openView, VIEWS, viewFor } from './views.ts'
import { WEB_PORT } from './web.ts'

/** Stands in for a server until somebody ends it. */
export async function proxy(command: Command): Promise<number> {
  const { terminal, signal } = command
  const { values, positionals } = proxyFlags(command.argv)
  const url = targetIn(onlyOne(positionals, 'target'))
  const name = viewFor(command, oneOf(values.json ? 'json' : values.view, VIEWS, '--view'))
  const faults = faultsIn(values)
  const options = await proxyOptions(values, url)
  const quit = new AbortController()
  const stop = () => quit.abort()
  signal.addEventListener('abort', stop, { once: true })
  const tell = (sentence: string): void => void terminal.stderr.write(`${sentence}\n`)
  let say = tell // and in a live view between its lines, as long as there is one
  const recording = createRecordingSwitch(url.origin, (sentence) => say(sentence))
  if (values.record !== undefined) await recording.start(values.record)
  let shown: View | undefined
  let listening: XrayProxy | undefined
  let page: LivePage | undefined
  try {
    page = await livePage(name === 'web' ? (values.web ?? `${WEB_PORT}`) : values.web, url.origin)
    listening = await started({
      ...options,
      faults: name === 'tty' ? () => faults.list : faults.list,
      onItem(item) {
        shown?.take(item)
        page?.take(item)
      },
      ...((recording.path !== undefined || name === 'tty') && { onMasked: recording.take }),
    })
    terminal.stderr.write(welcome(listening.url, url))
    if (faults.text !== '') terminal.stderr.write(`On purpose, on the way back: ${faults.text}\n`)
    if (page) terminal.stderr.write(`The page is at ${page.url}\n`)
    const view = openView(command, name, {
      title: `${listening.url} → ${url.origin}`,
      switches: liveSwitches(faults, recording, (sentence) => say(sentence)),
      onQuit: stop,
    })
    shown = view
    if (view.say) say = view.say
    await aborted(quit.signal)
  } finally {
    await listening?.[Symbol.asyncDispose]()
    await listening?.settled()
    await page?.close()
    shown?.close()
    say = tell
    const recorded = await recording.stop()
    if (recorded) tell(recorded)
  }
  return EXIT.done
}

/** The imitated hop is next to the server, and the faults behind it, in their order. */
function faultsIn({ imitate, fault = [] }: ReturnType<typeof proxyFlags>['values']): FaultSwitch {
  try {
    if (imitate !== undefined) imitationOf(imitate)
    fault.forEach(parseFaults)
    return createFaultSwitch([...(imitate === undefined ? [] : [imitate]), ...fault])
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function started(options: ProxyOptions): Promise<XrayProxy> {
  try {
    return await startProxy(options)
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(error.message.replace('give exposed if they may', '--i-know says that they may'))
    if (error instanceof TcpError) throw new CommandError(`cannot listen: ${error.message}`)
    throw error
  }
}

function welcome(proxy: string, target: URL): string {
  const lines = baseUrls(proxy, target).map((line) => `  ${line}\n`)
  return `xray listens at ${proxy} and asks ${target.origin}, until Ctrl-C. For clients:\n${lines.join('')}`
}
