import { parseArgs } from 'node:util'

/** What `npm start` can be told. */
export interface PlaygroundOptions {
  /** The port asked for, or `undefined`: 8080, or the next one that is free. */
  readonly port: number | undefined
  readonly host: string
  /** How fast the embedded simulator speaks; 0 is as fast as it can. */
  readonly tokensPerSecond: number
  readonly help: boolean
}

export const HELP = `The playground of SSE from scratch: a page that shows tokens, and the bytes that carry them.

  npm start                        the simulator answers: no account, no key, no network
  npm start -- --port 9000         this port and no other (default: 8080, or the next free one)
  npm start -- --tokens-per-second 5

  -p, --port N             port to listen on; 0 is any free one
  --host ADDRESS           address to listen on (default 127.0.0.1: this machine only)
  --tokens-per-second N    pace of the simulator (default 40; 0 = as fast as it can)
  -h, --help               this text

A real model answers when one of these is set in the environment:
  OPENAI_API_KEY       OpenAI                 OPENAI_BASE_URL     another address for it, with or without a key
  ANTHROPIC_API_KEY    Anthropic              ANTHROPIC_BASE_URL  the same
  GEMINI_API_KEY       Gemini                 GEMINI_BASE_URL     the same
  OLLAMA_API_KEY       Ollama's own format    OLLAMA_BASE_URL     http://localhost:11434 for the one on this machine
  LLM_BASE_URL         any OpenAI-compatible server: LM Studio (http://localhost:1234/v1),
                       Ollama (http://localhost:11434/v1), llama.cpp (http://localhost:8080/v1)
                       LLM_API_KEY, if it wants one; LLM_PROVIDER, if it speaks another wire format
  LLM_MODEL            the model to ask it for: of LLM_BASE_URL, else of the first in this list that is set
The simulator goes on beside them: the page lets you choose.
`

/** The command line makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(message: string) {
    super(`${message}\nnpm start -- --help lists what there is.`)
  }
}

/** Reads the command line; throws a {@link UsageError} when an option is unknown or its value makes no sense. */
export function parseOptions(args: readonly string[]): PlaygroundOptions {
  const values = valuesIn(args)
  return {
    port: values.port === undefined ? undefined : numberIn('--port', values.port, 65_535, Number.isInteger),
    host: values.host,
    tokensPerSecond: numberIn('--tokens-per-second', values['tokens-per-second'], 1_000_000, Number.isFinite),
    help: values.help,
  }
}

interface Values {
  readonly port?: string | undefined
  readonly host: string
  readonly 'tokens-per-second': string
  readonly help: boolean
}

function valuesIn(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', short: 'p' },
        host: { type: 'string', default: '127.0.0.1' },
        'tokens-per-second': { type: 'string', default: '40' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\n|\. To specify/)
    throw new UsageError(sentence)
  }
}

function numberIn(option: string, text: string, max: number, fits: (value: number) => boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!fits(value) || value > max) {
    throw new UsageError(`${option} takes a number from 0 to ${max}, not ${JSON.stringify(text)}`)
  }
  return value
}
