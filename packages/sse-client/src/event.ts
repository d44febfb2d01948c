/** An event as it is dispatched (HTML §9.2.6), with the names MessageEvent gives its parts. */
export interface ServerSentEvent {
  readonly type: string
  readonly data: string
  readonly lastEventId: string
}

/** What a decoder emits: events, and the two kinds of line that mean something before any event does. */
export type EventStreamItem =
  | { readonly kind: 'event'; readonly event: ServerSentEvent }
  | { readonly kind: 'retry'; readonly milliseconds: number }
  | { readonly kind: 'comment'; readonly text: string }
