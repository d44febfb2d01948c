import type { Transport } from '@sse-from-scratch/sse-client/fetch'
import type { ChatStream } from './chat-stream.ts'
import { fetchTransport } from './fetch-transport.ts'
import { type ChatOptions, openChat } from './open-chat.ts'
import type { Chat, Provider } from './provider.ts'
import { refuseConnections } from './refuse-connections.ts'

/**
 * How an answer is fetched where there are no sockets: over what, how patiently, how much of it, and how often. There is
 * no `record` here, nor `dial`, `tls` or `pool`, and whoever gives one is told (`TypeError`): fetch shows no connection.
 */
export interface StreamChatOptions extends ChatOptions {
  /** Default: `fetchTransport()`. */
  readonly transport?: Transport
}

/**
 * Asks over fetch, and streams the answer as it is written. As `streamChat` of the package itself, with two differences:
 * `timeouts.connect` is part of `timeouts.headers`, and what fetch has read ahead is the platform's to bound.
 *
 * @throws TypeError or RangeError for a chat, a base URL, a header or an option that cannot be right, before anything is sent
 */
export function streamChat(provider: Provider, chat: Chat, options: StreamChatOptions = {}): ChatStream {
  refuseConnections(options, 'fetch shows no connection; streamChat of @sse-from-scratch/llm-stream has its own')
  const transport = options.transport ?? fetchTransport()
  return openChat(provider, chat, options, { firstWait: 'headers', transport: () => transport })
}
