import type { Chat, ChatMessage } from '../provider.ts'
import { numberIn, type ProviderName, parseFlags, providerName, UsageError, wholeNumberIn } from './options.ts'

export interface ChatOptions {
  readonly prompt: string
  readonly help: boolean
  readonly provider: ProviderName | undefined
  readonly model: string | undefined
  readonly baseUrl: string | undefined
  readonly system: string | undefined
  readonly files: readonly string[]
  readonly maxTokens: number | undefined
  readonly temperature: number | undefined
  readonly think: boolean
  readonly json: boolean
  readonly record: string | undefined
  readonly history: boolean
}

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  provider: { type: 'string', short: 'p' },
  model: { type: 'string', short: 'm' },
  'base-url': { type: 'string' },
  system: { type: 'string', short: 's' },
  file: { type: 'string', short: 'f', multiple: true },
  'max-tokens': { type: 'string' },
  temperature: { type: 'string' },
  think: { type: 'boolean' },
  json: { type: 'boolean' },
  record: { type: 'string' },
  'no-history': { type: 'boolean' },
} as const

/** @throws UsageError for an option that there is not, or a value it cannot have */
export function parseChatOptions(argv: readonly string[]): ChatOptions {
  const { values, positionals } = parseFlags(argv, FLAGS)
  if (values.record === '') throw new UsageError('--record wants the name of a file')
  return {
    prompt: positionals.join(' '),
    help: values.help ?? false,
    provider: values.provider === undefined ? undefined : providerName(values.provider, '--provider'),
    model: values.model,
    baseUrl: values['base-url'],
    system: values.system,
    files: values.file ?? [],
    maxTokens: wholeNumberIn(values['max-tokens'], '--max-tokens', 1, 1e9),
    temperature: numberIn(values.temperature, '--temperature', 0, 2),
    think: values.think ?? false,
    json: values.json ?? false,
    record: values.record,
    history: !values['no-history'],
  }
}

/** What is asked besides the messages. */
export function chatOf(model: string, { maxTokens, temperature }: ChatOptions): Omit<Chat, 'messages'> {
  return { model, ...(maxTokens !== undefined && { maxTokens }), ...(temperature !== undefined && { temperature }) }
}

export function systemMessage({ system }: ChatOptions): readonly ChatMessage[] {
  return system === undefined ? [] : [{ role: 'system', content: system }]
}
