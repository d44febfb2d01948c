import { type Connection, type Watcher, watch } from '@sse-from-scratch/tcp-echo'
import type { AnswerLine } from './answer-line.ts'
import { EndedBody } from './ended-body.ts'
import { type ExchangeFailure, isLoss, isRefused } from './exchange-failure.ts'
import type { FollowedSignal } from './follow-signal.ts'
import { handOver } from './hand-over.ts'
import type { Handler } from './handler.ts'
import type { RequestHead } from './head.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { OutgoingBody } from './outgoing-body.ts'
import { refuse } from './refuse.ts'
import { type RequestBody, requestBody } from './request-body.ts'
import type { HeadReceiver, RequestSource } from './request-source.ts'
import { Responder } from './respond.ts'
import type { ServerSettings } from './server-options.ts'
import { settle } from './settle.ts'
import { unanswered } from './unanswered.ts'

/** Requests and their responses, one after the other, until either side wants no more: then it calls `over`. */
export function serveExchanges(
  connection: Connection,
  source: RequestSource,
  handler: Handler,
  settings: ServerSettings,
  over: (failure: ExchangeFailure | undefined) => void,
): void {
  new Exchanges(connection, source, handler, settings, over).next()
}

/**
 * One exchange at a time. What it waits for calls it back: a loop in an async function would be shorter, but its frame and
 * its awaits were most of the garbage of a small request (`npm run bench:http -- --only server`).
 */
class Exchanges implements HeadReceiver, AnswerLine, Watcher {
  readonly connection: Connection
  readonly bytes: HeldBytes
  readonly settings: ServerSettings
  readonly #source: RequestSource
  readonly #handler: Handler
  readonly #over: (failure: ExchangeFailure | undefined) => void
  #responder: Responder // to the request at hand, or the last one
  #body: RequestBody | undefined
  #ended: Promise<OutgoingBody> | undefined
  #isAlone: boolean = false

  constructor(
    connection: Connection,
    source: RequestSource,
    handler: Handler,
    settings: ServerSettings,
    over: (failure: ExchangeFailure | undefined) => void,
  ) {
    this.connection = connection
    this.bytes = source.bytes
    this.settings = settings
    this.#source = source
    this.#handler = handler
    this.#over = over
    this.#responder = new Responder(this)
    watch(connection, this)
  }

  /** The client is gone: nobody is left to owe anything to. */
  onOver(): void {
    this.#isAlone = true
  }

  get ended(): Promise<OutgoingBody> {
    this.#ended ??= Promise.resolve(new EndedBody(this.connection, this))
    return this.#ended
  }

  /** Has the signal of the exchange at hand. */
  get peer(): FollowedSignal {
    return this.#responder.peer
  }

  /** Takes the next request, or waits for one. */
  next(): void {
    let head: RequestHead | undefined
    try {
      head = this.#source.takeHead()
    } catch (error) {
      this.onRefused(error)
      return
    }
    if (head) this.onHead(head)
    else this.#source.awaitHead(this)
  }

  onHead(head: RequestHead | null): void {
    if (head === null) {
      this.#over(undefined)
      return
    }
    this.#responder = new Responder(this)
    this.#body = undefined
    try {
      this.#body = requestBody(head, this.bytes, this.settings, this.#responder)
      const handled = handOver(head, this.#body, this.#responder, this.#handler, this)
      // Also a handler that is not async is waited for: requests that came at once must not pile up on the stack.
      Promise.resolve(handled).then(this.#onHandled, this.#onThrown)
    } catch (error) {
      this.#onThrown(error)
    }
  }

  onRefused(error: unknown): void {
    this.#responder = new Responder(this)
    this.#body = undefined
    void this.#fail(error)
  }

  readonly #onHandled = (): void => {
    const responder = this.#responder
    if (responder.isOver && this.#body === undefined && this.bytes.isEmpty) {
      responder.stop()
      this.#source.awaitHead(this) // nearly always: and whether anybody is left, that finds out
    } else this.#goOn(responder)
  }

  #goOn(responder: Responder): void {
    if (this.#isAlone) {
      this.#end(undefined)
      return
    }
    const ending = responder.endSpareBody()
    if (ending !== undefined) {
      ending.then(this.#onHandled, this.#onThrown)
      return
    }
    const owed = unanswered(responder)
    if (owed) void this.#fail(owed)
    else if (!responder.persists) this.#end(undefined)
    else if (this.#body || responder.sending !== undefined) void this.#settle(responder)
    else {
      responder.stop()
      this.next()
    }
  }

  async #settle(responder: Responder): Promise<void> {
    if (!(await settle(responder, this.#body, this.settings.drainSize))) {
      this.#end(undefined)
      return
    }
    responder.stop()
    this.next()
  }

  readonly #onThrown = (error: unknown): void => {
    void this.#fail(error)
  }

  async #fail(error: unknown): Promise<void> {
    const responder = this.#responder
    const fromClient = isRefused(error, responder, this.#body)
    // An answer that is whole stays so: there is nothing to cut.
    if (responder.state !== 'answered' && !(await refuse(responder, error, fromClient))) this.connection.abort(error)
    this.#end({ error, fromClient: fromClient || isLoss(error, this.connection) })
  }

  #end(failure: ExchangeFailure | undefined): void {
    this.#responder.stop()
    this.#over(failure)
  }
}
