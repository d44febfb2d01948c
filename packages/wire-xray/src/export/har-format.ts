/** What of HAR 1.2 we write, and two members of our own. Times are milliseconds; -1 stands for what is not known. */
export interface Har {
  readonly log: {
    readonly version: '1.2'
    readonly creator: { readonly name: string; readonly version: string }
    readonly entries: readonly HarEntry[]
  }
}

/** One exchange: a request and what came back. */
export interface HarEntry {
  /** RFC 3339, in UTC. */
  readonly startedDateTime: string
  readonly time: number
  readonly request: {
    readonly method: string
    readonly url: string
    readonly httpVersion: string
    readonly cookies: readonly []
    readonly headers: readonly HarNameValue[]
    readonly queryString: readonly HarNameValue[]
    readonly headersSize: number
    readonly bodySize: number
    readonly postData?: { readonly mimeType: string; readonly text: string }
  }
  readonly response: {
    readonly status: number
    readonly statusText: string
    readonly httpVersion: string
    readonly cookies: readonly []
    readonly headers: readonly HarNameValue[]
    readonly content: HarContent
    readonly redirectURL: string
    readonly headersSize: number
    readonly bodySize: number
  }
  readonly cache: Readonly<Record<string, never>>
  readonly timings: {
    readonly blocked: number
    readonly dns: number
    readonly connect: number
    readonly send: number
    readonly wait: number
    readonly receive: number
    readonly ssl: number
  }
  /** Which connection of the recording it was on. */
  readonly connection: string
  readonly _eventSourceMessages?: readonly HarEventSourceMessage[]
  readonly _xray: {
    /** When (since the recording began), which way, and how many bytes. */
    readonly reads: readonly { readonly t: number; readonly d: 'up' | 'down'; readonly n: number }[]
    /** How the answer ended. */
    readonly end: 'complete' | 'cut' | 'broken' | 'open'
    /** What ended it before its end: `fin`, `reset`, or a code such as `TCP_TIMEOUT`. */
    readonly failure?: string
  }
}

/** A field, or a parameter of a query. */
export interface HarNameValue {
  readonly name: string
  readonly value: string
}

/** A body, decompressed, and as text if it is some. */
export interface HarContent {
  readonly size: number
  readonly mimeType: string
  readonly text: string
  readonly encoding?: 'base64'
  /** Bytes that compression saved. */
  readonly compression?: number
}

/** One event of an event stream. */
export interface HarEventSourceMessage {
  /** Seconds since 1970. */
  readonly time: number
  readonly eventName: string
  readonly eventId: string
  readonly data: string
}
