import type { Verb } from './options.ts'
import { FAULTS_HELP } from './simulate.ts'

const CHAT = `Usage: llm-stream [chat] [options] [prompt]
(in its repository: npm run chat -- [options] [prompt])

Streams the answer to one prompt. What is piped in comes after it, behind a blank line, or is the prompt if there is no other; up to 4 MiB. Without either: a conversation, where /help lists the commands.

  -p, --provider <name>    openai, openai-responses, anthropic, gemini or ollama (default: the one there is a key for)
  -m, --model <name>       the model (default: LLM_MODEL, else a cheap one)
      --base-url <url>     a compatible server, such as http://localhost:1234/v1
  -s, --system <text>      what the model is told before everything else
  -f, --file <path>        puts a text file behind the prompt, with its name; may be there several times
      --max-tokens <n>     the most tokens the answer may have
      --temperature <n>    from 0 to 2
      --think              takes <think> … </think> at the beginning of an answer for thoughts
      --json               a line of JSON for each event, and one for the outcome
      --record <path>      writes a recording of every byte, with secrets as stars, to a new file
      --no-history         neither reads nor keeps what is typed in a conversation
  -h, --help

More: llm-stream compare --help, simulate --help, replay --help. A prompt that is one of these words: chat compare.

What is typed in a conversation is kept for the arrow keys of the next one, in $XDG_STATE_HOME/llm-stream/history (~/.local/state/llm-stream/history), for its owner alone; a line that begins with a blank, or has a key in it, is not.

Environment: LLM_BASE_URL with LLM_API_KEY, else OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, OLLAMA_API_KEY, or one of their …_BASE_URL, which work without a key, too, where the server wants none; LLM_PROVIDER, LLM_MODEL, NO_COLOR. Without a key and a base URL the built-in simulator answers.

Exit code: 0 the answer is complete, 1 there is none, or a file cannot be read or written, 2 wrong usage, 3 it broke off and what came is kept, 4 it was cut by the token limit or a content filter, 130 stopped by Ctrl-C, which closes the connection; the second one leaves at once.
`

const COMPARE = `Usage: llm-stream compare [options] <prompt>

Asks two services the same and shows both answers as they come, side by side; then what went over both wires; then how the two formats differ, all of it taken from the bytes.

  --providers <a,b>          two of openai, openai-responses, anthropic, gemini, ollama (default: openai,anthropic)
  --real                     the real services, with the keys of the environment (default: the built-in simulator)
  --lines <n>                lines of each wire to show (default: 60; 0 for all)
  --tokens-per-second <n>    of the simulator (default: 40; 0 for as fast as we read)
  -h, --help

Exit code: as for chat, for the worse of the two.
`

const SIMULATE = `Usage: llm-stream simulate [options]

Starts the simulator, for clients of OpenAI, Anthropic, Gemini and Ollama. Stays until Ctrl-C.

  --port <n>                 default: 8089; 0 for any that is free
  --host <address>           default: 127.0.0.1
  --tokens-per-second <n>    default: 40; 0 for as fast as the client reads
  --seed <n>                 the same seed and conversation give the same answer (default: 0)
  --fault <spec>             what goes wrong with every answer, such as cut=utf8@3 or status=overloaded,times=1
  --replay <file>            answers from a recording (chat --record, or xray --record), byte for byte, with its pauses
  --speed <n>                of the recording: 2 is twice as fast, 0 is without pauses (default: 1)
  -h, --help

Exit code: 0 ended by Ctrl-C, 1 it cannot listen or read the recording, 2 wrong usage.

${FAULTS_HELP}`

const REPLAY = `Usage: llm-stream replay [options] <file>

Shows an answer from a recording (llm-stream chat --record), byte for byte and with the pauses it had.

      --connection <n>     which one (default: the last that has an answer)
      --speed <n>          2 is twice as fast, 0 is without pauses (default: 1)
  -p, --provider <name>    the format (default: by the path that was asked)
      --json               as for chat
  -h, --help

Exit code: as for chat.
`

/** A line is a paragraph, or an option: whoever prints it makes it fit. */
export const HELP: Readonly<Record<Verb, string>> = { chat: CHAT, compare: COMPARE, simulate: SIMULATE, replay: REPLAY }

/** The first line of a verb's help, and how to get the rest: all of it would push what was wrong out of the window. */
export function usageOf(verb: Verb): string {
  const [usage = ''] = HELP[verb].split('\n')
  return `${usage}\nllm-stream ${verb} --help says more.`
}
