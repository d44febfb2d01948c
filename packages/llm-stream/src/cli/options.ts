import { parseArgs } from 'node:util'

export interface ChatOptions {
  readonly prompt: string
  readonly help: boolean
  readonly provider: 'openai' | 'anthropic' | undefined
  readonly model: string | undefined
  readonly baseUrl: string | undefined
}

/** What is wrong with the command line; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `Usage: llm-stream [options] [prompt]      (in its repository: npm run chat -- [options] [prompt])

Streams the answer to one prompt. What is piped in comes after it, behind a blank line, or is the prompt if there is no
other; up to 4 MiB. Without either: a conversation.

  --provider openai|anthropic   the wire format (default: the one there is a key for)
  --model <name>                the model (default: LLM_MODEL, else a cheap one)
  --base-url <url>              a compatible server, such as http://localhost:1234/v1
  -h, --help

Environment: LLM_BASE_URL with LLM_API_KEY, else OPENAI_API_KEY, else ANTHROPIC_API_KEY; OPENAI_BASE_URL,
ANTHROPIC_BASE_URL, which work without a key, too, where the server wants none; LLM_MODEL, NO_COLOR. Without a key and
a base URL the built-in simulator answers.
Exit code: 0 the answer is complete, 1 it is not, 2 wrong usage, 130 stopped by Ctrl-C.
`

/** @throws UsageError for an option that there is not, or a value it cannot have */
export function parseOptions(argv: readonly string[]): ChatOptions {
  const { values, positionals } = parse(argv)
  const { provider, model, 'base-url': baseUrl, help = false } = values
  if (provider !== undefined && provider !== 'openai' && provider !== 'anthropic') {
    throw new UsageError('--provider is openai or anthropic')
  }
  return { prompt: positionals.join(' '), help, provider, model, baseUrl }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        provider: { type: 'string' },
        model: { type: 'string' },
        'base-url': { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
