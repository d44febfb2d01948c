import type { LlmEvent } from '../events.ts'
import type { LlmMapper, Provider } from '../provider.ts'
import type { RecordedRead } from '../recorded-read.ts'

/** One event as it was on the wire, and what it came to. */
export interface WireEvent {
  /** The `event:` line; `message` where there was none. */
  readonly type: string
  readonly data: string
  readonly events: readonly LlmEvent[]
}

/** What one answer was made of, on the wire. */
export interface Wire {
  /** Reads and writes, secrets as stars. */
  readonly entries: readonly RecordedRead[]
  readonly events: readonly WireEvent[]
}

/** The same provider, whose answers leave their events behind. */
export function watched(provider: Provider, onEvent: (event: WireEvent) => void): Provider {
  return { ...provider, createMapper: () => watchedMapper(provider.createMapper(), onEvent) }
}

function watchedMapper(mapper: LlmMapper, onEvent: (event: WireEvent) => void): LlmMapper {
  return {
    ...mapper,
    map(event) {
      const events = mapper.map(event)
      onEvent({ type: event.type, data: event.data, events })
      return events
    },
    get done() {
      return mapper.done
    },
    get settled() {
      return mapper.settled === true
    },
    end: () => mapper.end(),
  }
}

/** What was sent or received on one connection, as text. */
export function textOfWire({ entries }: Wire, direction: 'up' | 'down'): string {
  const utf8 = new TextDecoder()
  return entries
    .map((entry) =>
      entry.kind === 'bytes' && entry.direction === direction ? utf8.decode(entry.bytes, { stream: true }) : '',
    )
    .join('')
}
