import { HttpError } from './errors.ts'
import type { Responder } from './respond.ts'
import { reasonPhrase } from './status.ts'

/** Says what was wrong, in a few words; false if it is too late for that. Only the client's faults are spelled out. */
export async function refuse(responder: Responder, error: unknown, fromClient: boolean): Promise<boolean> {
  if (responder.state !== 'waiting') return false
  const blame = error instanceof HttpError && fromClient ? error : undefined
  const status = blame?.status ?? 500
  const text = `${status} ${reasonPhrase(status)}${blame ? `: ${blame.message}` : ''}\n`
  try {
    await responder.respond(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }, text)
    return true
  } catch {
    return false
  }
}
