import type { Decoder } from '@sse-from-scratch/tcp-echo'
import type { BodyDecoder, BodyEvent } from './body.ts'
import { createBodyDecoder } from './body-decoder.ts'
import type { BodyLength } from './body-length.ts'
import { HttpError } from './errors.ts'
import type { Limits } from './limits.ts'

const EMPTY = new Uint8Array(0)

/** What comes out of a message: any number of `interim` heads (a 1xx other than 101), one `head`, then its body. */
export type MessageEvent<Head> =
  | { readonly kind: 'head'; readonly head: Head; readonly length: BodyLength }
  | { readonly kind: 'interim'; readonly head: Head }
  | BodyEvent

/** As {@link BodyDecoder}, for a message with its head. */
export interface MessageDecoder<Head> extends Decoder<MessageEvent<Head>> {
  push(bytes: Uint8Array, emit: (event: MessageEvent<Head>) => void, mayOverwrite?: boolean): number
}

/** What requests and responses do differently. */
export interface MessageGrammar<Head> {
  readonly heads: Decoder<Head>
  readonly lengthOf: (head: Head) => BodyLength
  readonly isInterim: (head: Head) => boolean
  readonly limits: Limits
}

/** A class, because there is one for every message: see `FollowedSignal`. */
export class HeadThenBody<Head> implements MessageDecoder<Head> {
  readonly #grammar: MessageGrammar<Head>
  #body: BodyDecoder | undefined
  #interim = 0
  #done: boolean = false
  #broken: { readonly error: unknown } | undefined

  constructor(grammar: MessageGrammar<Head>) {
    this.#grammar = grammar
  }

  get state(): string {
    if (this.#done) return 'done'
    return (this.#body ?? this.#grammar.heads).state
  }

  push(bytes: Uint8Array, emit: (event: MessageEvent<Head>) => void, mayOverwrite: boolean = false): number {
    if (this.#broken) throw this.#broken.error
    let taken = 0
    try {
      while (!this.#done && taken < bytes.length) {
        const rest = taken === 0 ? bytes : bytes.subarray(taken)
        taken += this.#body
          ? this.#takeBody(this.#body, rest, emit, mayOverwrite)
          : this.#grammar.heads.push(rest, (head) => this.#takeHead(head, emit))
      }
    } catch (error) {
      this.#broken = { error } // whatever follows, nobody knows what it would mean
      throw error
    }
    return taken
  }

  end(emit: (event: MessageEvent<Head>) => void): void {
    if (this.#broken) throw this.#broken.error
    if (this.#done) return
    if (this.#body) this.#body.end((event) => this.#forward(event, emit))
    else this.#endOfHeads()
  }

  #endOfHeads(): void {
    this.#grammar.heads.end(() => {})
    if (this.#interim > 0) throw new HttpError('HTTP_INCOMPLETE', 'the stream ended before the final response')
  }

  #takeHead(head: Head, emit: (event: MessageEvent<Head>) => void): void {
    const { limits, isInterim, lengthOf } = this.#grammar
    if (isInterim(head)) {
      if (++this.#interim > limits.interimResponses) throw tooManyInterim(limits.interimResponses)
      emit({ kind: 'interim', head })
      return
    }
    const length = lengthOf(head)
    const body = createBodyDecoder(length, limits) // before the head is out: a body too large is the head's fault
    this.#body = body
    emit({ kind: 'head', head, length })
    this.#takeBody(body, EMPTY, emit, false) // a body may be over before its first byte
  }

  #takeBody(from: BodyDecoder, bytes: Uint8Array, emit: (event: BodyEvent) => void, mayOverwrite: boolean): number {
    return from.push(bytes, (event) => this.#forward(event, emit), mayOverwrite)
  }

  #forward(event: BodyEvent, emit: (event: BodyEvent) => void): void {
    if (event.kind === 'end') this.#done = true
    emit(event)
  }
}

function tooManyInterim(limit: number): HttpError {
  return new HttpError('HTTP_TOO_MANY_INTERIM', `more than ${limit} interim responses`)
}
