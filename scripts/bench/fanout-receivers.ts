import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { startChild } from './child.ts'

/** What a server asks of the process that receives from it. */
export type ToReceivers =
  | { readonly kind: 'open'; readonly connections: number; readonly stalled: boolean }
  | { readonly kind: 'await'; readonly events: number }

export type FromReceivers = { readonly kind: 'opened' } | { readonly kind: 'received' }

/** The clients of one server, in a process of their own. */
export interface Receivers {
  /** Opens so many more; resolves when all have been answered. A stalled one reads nothing behind the head. */
  open(connections: number, how?: { readonly stalled: boolean }): Promise<void>
  /** Resolves when so many events have been received by all of them together, since the start. */
  received(events: number): Promise<void>
}

export async function startReceivers(port: number): Promise<Receivers> {
  const { child } = await startChild(new URL('fanout-receivers-child.js', import.meta.url), [`${port}`])
  child.once('exit', (code, signal) => {
    throw new Error(`the receivers have exited with ${code ?? signal}`)
  })
  return {
    open: (connections, { stalled } = { stalled: false }) => asked(child, { kind: 'open', connections, stalled }),
    received: (events) => asked(child, { kind: 'await', events }),
  }
}

async function asked(child: ChildProcess, order: ToReceivers): Promise<void> {
  child.send(order)
  await once(child, 'message')
}
