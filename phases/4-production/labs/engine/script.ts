import type { ServerResponse } from 'node:http'

/** What a server does with a request. */
export type Script = (out: Out) => Promise<void>

/** The server's side of a stream. */
export interface Out {
  readonly response: ServerResponse
  /** Sends the head at once, before there is any body. */
  head(fields?: Readonly<Record<string, string>>): void
  /** Sends the next event, so many bytes long. */
  event(size?: number): void
  /** Waits until the client has seen all events that were sent, or until there is no more patience. */
  seen(): Promise<void>
  pause(milliseconds: number): Promise<void>
  /** Whether the client, or the hop, is known to have left. */
  isGone(): boolean
  /** Bytes that go past node:http: for what it would not send. */
  raw(text: string): void
  /** Breaks off. */
  breakOff(how: 'fin' | 'rst'): void
  end(): void
}

/** The event of this number, so many bytes long. */
export function eventOf(number: number, size: number): string {
  return `data: ${`${number} `.padEnd(size - 8, 'x')}\n\n`
}

/** So many events, each sent when the one before has been seen. */
export function steady({ events = 6, size = 40, fields = {} } = {}): Script {
  return async (out) => {
    out.head(fields)
    for (let nth = 0; nth < events; nth++) {
      out.event(size)
      await out.seen()
    }
    out.end()
  }
}
