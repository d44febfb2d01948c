import { laidOut } from '@sse-from-scratch/llm-stream/command'
import { DIAGNOSIS_HELP } from './diagnosis-help.ts'
import { PROXY_HELP } from './proxy-help.ts'

/** What `xray` can do; without a word of its own it stands in for a server. */
export type Verb = 'proxy' | 'probe' | 'check' | 'sandwich' | 'explain' | 'diff' | 'replay' | 'export' | 'web' | 'quiz'

const EXPLAIN = `Usage: xray explain [options] <file>

Explains what was recorded (xray --record), item by item; or bytes as they were on the wire, such as those of
curl --raw -i, row by row. Behind the items of a recording stands what is wrong with it, what that rests on, and what to do.
- is the standard input.

  --json               one line of JSON for each item of a recording
  --decoder <file>     a decoder of yours reads the recording instead, as xray quiz --help says; --time <s> as there
  --fail-on error      exit code 1 if anything in it is wrong: cut, reset, refused, never dispatched, held on its way;
                       --fail-on warn: or if something may be
  -h, --help

Exit code: 0 explained; 1 it cannot be read, or see above; 2 wrong usage.
`

const REPLAY = `Usage: xray replay [options] <file>
       xray replay --as client [options] <file> <target>

Plays a recording again, in the same pieces and with the pauses it had: as the server, which answers a request as it was
answered then, until Ctrl-C; or as the client, which asks a target what was asked then.

  --as <side>      server or client (default: server)
  --port <n>       where the server listens (default: 9000; 0 for any that is free)
  --speed <n>      4 is four times as fast, 0 is without pauses (default: 1)
  -h, --help

Exit code: 0 done, or ended; 1 it cannot be read or played; 2 wrong usage.
`

const EXPORT = `Usage: xray export --pcap | --har | --md | --fixture [--out <file>] <file>

Writes a recording for other tools: packets for Wireshark and tshark (plain text, also of what was TLS), HTTP Archive 1.2
with the times of each read, a report in Markdown, or a TypeScript module for a test.

  --out <file>     a new file (default: the standard output)
  -h, --help

Exit code: 0 written; 1 it cannot be read or written; 2 wrong usage.
`

const WEB = `Usage: xray web [options] <file> [<file behind>]

Shows a recording in a browser: how much had come when, what carried what, every byte with its name, and what is wrong with
a way to its evidence. Of two recordings, of both sides of a hop at the same time, the first is the one in front.

  --port <n>       where the page is (default: 9001; 0 for any that is free)
  -h, --help

Exit code: 0 when ended by Ctrl-C or SIGTERM; 1 it cannot be read or shown; 2 wrong usage.
`

const QUIZ = `Usage: xray quiz [options] [<recording>...]

Asks what is in recordings, and what is wrong with them, before it shows the evidence. Without any it takes those of real
proxies that come with the repository.

  --answers <a,b,c>    answers the first ones without being asked; an empty one is none
  --from <n>           begins with question n: where you left
  --json               one line of JSON for each question, with its solution where there is an answer
  --decoder <file>     asks nothing: a decoder of yours reads the recordings, and where it first disagrees with ours is
                       explained. It exports createChunkDecoder (exercise 1.4) or createSseParser (2.3)
  --time <s>           how long it may be busy with one recording (default: 10)
  -h, --help

Exit code: 0 done; 1 they cannot be read, or the decoder disagrees; 2 wrong usage.
`

const HELP: Readonly<Record<Verb, string>> = {
  proxy: PROXY_HELP,
  ...DIAGNOSIS_HELP,
  explain: EXPLAIN,
  replay: REPLAY,
  export: EXPORT,
  web: WEB,
  quiz: QUIZ,
}

/** What there is to say of a verb: lines of at most so many columns, or as long as they are for who says none. */
export function helpFor(verb: Verb, columns: number | undefined): string {
  return columns === undefined ? HELP[verb] : laidOut(unfolded(HELP[verb]), columns)
}

/** For who has typed something wrong: how it is written, and where the rest is. */
export function usageOf(verb: Verb): string {
  const [usage = ''] = HELP[verb].split('\n\n')
  return `${usage}\n${verb === 'proxy' ? 'xray' : `xray ${verb}`} --help says more.`
}

/** Each paragraph and each entry of a list in one line. */
function unfolded(text: string): string {
  return text.replace(/(?<=^[^ \n].*)\n(?!Usage|Exit code)(?=[^ \n])/gm, ' ').replace(/\n {12,}(?=\S)/g, ' ')
}
