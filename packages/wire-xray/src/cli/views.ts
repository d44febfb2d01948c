import { createJsonView } from '../live/json-view.ts'
import { createLiveView } from '../live/live-view.ts'
import { createPlainView } from '../live/plain-view.ts'
import type { View } from '../live/view.ts'
import { type Command, isColorful, type Terminal } from './terminal.ts'

export const VIEWS = ['tty', 'plain', 'json', 'none'] as const
export type ViewName = (typeof VIEWS)[number]

export interface ViewSetup {
  readonly title: string
  readonly recording: string | undefined
  readonly onQuit: () => void
}

/** Opens the view that was asked for; else the live one where there is a terminal, and lines where there is none. */
export function openView({ env, terminal }: Command, name: ViewName | undefined, setup: ViewSetup): View {
  const { stdout } = terminal
  const isTerminal = stdout.isTTY === true && env['TERM'] !== 'dumb'
  if (name === 'none') return { take: () => {}, close: () => {} }
  if (name === 'json') return createJsonView(stdout)
  if (!isTerminal || name === 'plain') return createPlainView(stdout)
  return openLiveView(terminal, isColorful(env), setup)
}

/** The keys are the view's as long as it is open; the terminal is given back as it was, whatever ends the process. */
function openLiveView(terminal: Terminal, color: boolean, { recording, ...setup }: ViewSetup): View {
  const { stdin, stdout } = terminal
  const view = createLiveView(stdout, { ...setup, color, ...(recording !== undefined && { recording }) })
  const onData = (typed: Uint8Array | string): void => {
    for (const key of String(typed)) view.key(key)
  }
  const hasKeys = stdin.isTTY === true && stdin.setRawMode !== undefined
  let forget = () => {}

  function close(): void {
    forget()
    view.close()
    if (!hasKeys) return
    stdin.off('data', onData)
    stdin.setRawMode?.(false)
    stdin.pause()
  }

  forget = terminal.onExit(close)
  if (hasKeys) {
    stdin.setRawMode?.(true)
    stdin.on('data', onData)
  }
  return { take: view.take, close }
}
