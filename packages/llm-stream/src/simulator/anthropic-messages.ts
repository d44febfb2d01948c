import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { readMessagesRequest } from './anthropic-ask.ts'
import { blocksOf, deltasOf, emptyBlock, wholeBlock } from './anthropic-blocks.ts'
import { anthropicError } from './anthropic-errors.ts'
import { fields, models } from './anthropic-fields.ts'
import { eventFrame } from './framing.ts'
import { type Generation, tokensOf } from './generate.ts'
import { randomId } from './random.ts'
import type { Answer, Frame, WireFormat } from './wire-format.ts'

/** Anthropic's Messages: events named by their type, from message_start to message_stop. */
export const anthropicMessages: WireFormat = {
  service: 'anthropic',

  fields,

  indexed: (name, i) => `${name}.${i}`,

  apiKey: (fields) => fields.get('x-api-key') ?? fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],

  refusal: anthropicError,

  models,

  readAsk: readMessagesRequest,

  answerId: (random) => `msg_01${randomId(random, 22)}`,

  whole(answer) {
    const [choice] = answer.choices
    return {
      ...message(answer),
      content: blocksOf(choice).map(wholeBlock),
      ...stopped(choice),
      usage: { ...usage(answer, choice), service_tier: 'standard' },
    }
  },

  streamFields: EVENT_STREAM_HEADERS,

  *frames(answer) {
    const [choice] = answer.choices
    yield event('message_start', { message: message(answer) })
    for (const [index, part] of blocksOf(choice).entries()) {
      yield event('content_block_start', { index, content_block: emptyBlock(part) })
      if (index === 0) yield event('ping', {})
      for (const { delta, holdsToken } of deltasOf(part)) {
        yield event('content_block_delta', { index, delta }, { holdsToken })
      }
      yield event('content_block_stop', { index })
    }
    yield event('message_delta', {
      delta: { ...stopped(choice), container: null },
      usage: usage(answer, choice),
    })
    yield event('message_stop', {}, { last: true })
  },

  keepAlive: eventFrame({ event: 'ping', data: '{"type":"ping"}' }).bytes,

  failureFrame: (refusal, requestId) => {
    const data = JSON.stringify(anthropicError(refusal, requestId))
    return eventFrame({ event: 'error', data }).bytes
  },
}

const STOP_REASONS = {
  end: 'end_turn',
  length: 'max_tokens',
  stop: 'stop_sequence',
  calls: 'tool_use',
  refusal: 'refusal',
  filter: 'refusal',
} as const

function event(type: string, rest: Readonly<Record<string, unknown>>, more?: Partial<Frame>): Frame {
  return eventFrame({ event: type, data: JSON.stringify({ type, ...rest }) }, more)
}

/** The message as it is before its first token: some output is already counted, as the real service does. */
function message(answer: Answer): Readonly<Record<string, unknown>> {
  return {
    id: answer.id,
    type: 'message',
    role: 'assistant',
    model: answer.ask.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: { ...usage(answer), service_tier: 'standard' },
  }
}

function stopped(choice: Generation | undefined): Readonly<Record<string, unknown>> {
  return {
    stop_reason: STOP_REASONS[choice?.reason ?? 'end'],
    stop_sequence: choice?.stopSequence ?? null,
    stop_details: null,
  }
}

/** Cumulative: the numbers of message_delta replace those of message_start, where there is no choice yet. */
function usage({ promptTokens }: Answer, choice?: Generation): object {
  const thought = choice ? tokensOf(choice, 'reasoning').length : 0
  return {
    input_tokens: promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: choice ? tokensOf(choice).length : 1,
    output_tokens_details: thought > 0 ? { thinking_tokens: thought } : null,
    server_tool_use: null,
  }
}
