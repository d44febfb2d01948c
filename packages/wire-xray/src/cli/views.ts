import { createDiagnoser, diagnosisLines } from '../diagnose/index.ts'
import { createJsonView } from '../live/json-view.ts'
import { keysIn } from '../live/keys.ts'
import { createLiveView, type LiveView } from '../live/live-view.ts'
import { createPlainView } from '../live/plain-view.ts'
import type { Switches } from '../live/switches.ts'
import { columnsOf, type View } from '../live/view.ts'
import { showDiagnosis } from './show-diagnoses.ts'
import { type Command, isColorful, type Terminal } from './terminal.ts'

export const VIEWS = ['tty', 'plain', 'json', 'web', 'none'] as const
export type ViewName = (typeof VIEWS)[number]

export interface ViewSetup {
  readonly title: string
  readonly switches: Switches
  readonly onQuit: () => void
}

/** A view in which something can be said, where it has a place for that. */
export type OpenedView = View & Partial<Pick<LiveView, 'say'>>

/** The view that was asked for; else the live one where there is a terminal, and lines where there is none. */
export function viewFor({ env, terminal }: Command, name: ViewName | undefined): ViewName {
  const isTerminal = terminal.stdout.isTTY === true && env['TERM'] !== 'dumb'
  if (name === 'json' || name === 'web' || name === 'none') return name
  return isTerminal && name !== 'plain' ? 'tty' : 'plain'
}

/** A view that says what is wrong with an exchange as soon as that is over. */
export function openView(command: Command, name: ViewName, setup: ViewSetup): OpenedView {
  const view = bareView(command, name, setup)
  const { stdout } = command.terminal
  if (name === 'none' || name === 'web') return view
  const diagnoser = createDiagnoser(
    (diagnosis, { askedAt }) => {
      if (diagnosis.severity === 'info') return
      if (!view.say) showDiagnosis(stdout, diagnosis, askedAt, name === 'json')
      else for (const line of diagnosisLines(diagnosis, askedAt, columnsOf(stdout))) view.say(line)
    },
    { maxSize: REMEMBERED },
  )
  return {
    ...view,
    take(item) {
      view.take(item)
      diagnoser.take(item)
    },
    close() {
      diagnoser.close()
      view.close()
    },
  }
}

/** Bytes of what went by, about, that are remembered to be diagnosed. */
const REMEMBERED = 16 * 1024 * 1024

function bareView({ env, terminal }: Command, name: ViewName, setup: ViewSetup): OpenedView {
  switch (name) {
    case 'web':
    case 'none':
      return { take: () => {}, close: () => {} }
    case 'json':
      return createJsonView(terminal.stdout)
    case 'plain':
      return createPlainView(terminal.stdout)
    case 'tty':
      return openLiveView(terminal, isColorful(env), setup)
  }
}

/** The keys are the view's as long as it is open; the terminal is given back as it was, whatever ends the process. */
function openLiveView(terminal: Terminal, color: boolean, setup: ViewSetup): OpenedView {
  const { stdin, stdout } = terminal
  const view = createLiveView(stdout, { ...setup, color })
  const onData = (typed: Uint8Array | string): void => {
    keysIn(String(typed)).forEach(view.key)
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
  return { take: view.take, say: view.say, close }
}
