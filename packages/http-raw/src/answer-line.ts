import type { Connection } from '@sse-from-scratch/tcp-echo'
import type { HeldBytes } from './held-bytes.ts'
import type { OutgoingBody } from './outgoing-body.ts'
import type { ServerSettings } from './server-options.ts'

/** What all answers on one connection share. */
export interface AnswerLine {
  readonly connection: Connection
  readonly settings: ServerSettings
  /** Released when HTTP ends, before anybody is told so. */
  readonly bytes: Pick<HeldBytes, 'release' | 'isEmpty'>
  /**
   * What `respond` gives for an answer that is whole: made once, when the first is, since to resolve a promise with an object
   * is to look for a `then` in it, and that is half a percent of a small request (`npm run bench:http -- --only server`).
   */
  readonly ended: Promise<OutgoingBody>
}
