import { FAULT_WORDS, IMITATIONS } from '../faults/index.ts'
import { wrap } from '../format.ts'
import { DIAGNOSIS_HELP } from './diagnosis-help.ts'

/** What `xray` can do; without a word of its own it stands in for a server. */
export type Verb = 'proxy' | 'probe' | 'check' | 'sandwich' | 'explain' | 'diff' | 'replay' | 'export' | 'web' | 'quiz'

/** As wide as the other lines at most. */
function entry(word: string, meaning: string): string {
  const margin = ' '.repeat(word.length + 3)
  return `  ${word} ${wrap(meaning, 118 - margin.length).join(`\n${margin}`)}`
}

const PROXY = `Usage: xray <target> [options]      (in its repository: npm run xray -- <target> [options])

Stands between any client and one server, and shows every byte of what goes by: reads, HTTP, chunks, events, tokens.
The target is the server's URL, such as https://api.openai.com or localhost:8089. Clients speak plain HTTP/1.1 to the
xray; with an https target it speaks TLS, and checks the certificate.

  --port <n>               where to listen (default: 9000; 0 for any that is free)
  --host <address>         default: 127.0.0.1; others than this machine's own only with --i-know
  --i-know                 whoever reaches this machine may use the xray
  --ca <file>              certificates to believe instead of those that come with Node, in PEM
  --record <file>          writes a recording, credentials as stars, to a new file that only you may read
  --redact-body <names>    values of JSON members that are stars in views and recordings, such as messages,content
  --no-request-body        what clients send besides heads is stars in views and recordings
  --fault <faults>         what goes wrong on the way back, such as delay=20ms,cut=rst@event:3; may be there several times
  --imitate <name>         behaves like a hop that is known for something, see below
  --view <name>            tty, plain, json, web or none (default: tty on a terminal, else plain);
                           web is the page alone, at port 9001 if --web says no other
  --web <port>             shows the same in a browser, too: http://127.0.0.1:<port>/
  --json                   the same as --view json: one line of JSON for each item
  --max-mem <size>         bytes that may wait to be explained; what comes beyond them is passed on unread (default: 8M)
  --connect-timeout <s>    seconds the target may take to be there (default: 10)
  --idle-timeout <s>       seconds without a byte after which a connection is cut (default: 3600; 0 for never)
  -h, --help

On a terminal keys change what is shown, and what goes on: r begins a recording, or ends it, in a new file that it names;
f takes faults, or the name of an imitation, for the requests that come then, and nothing for none. q is the end.

Passed on first, explained after: only the Host field of requests is changed. It cannot see clients that ignore their
base URL, and servers that sign the host (AWS SigV4) or speak nothing but HTTP/2 will refuse it.

More, each with --help: xray probe, check, sandwich, explain, diff, replay, export, web, quiz
Exit code: 0 when ended by q, Ctrl-C or SIGTERM; 1 when it cannot listen or record; 2 wrong usage.

Faults, with commas between them; the first is next to the server:
${FAULT_WORDS.map(({ usage, meaning }) => entry(usage.padEnd(26), meaning)).join('\n')}
A place is @event:3 (events count from 1), @byte:500 or @read:2.

Imitations:
${IMITATIONS.map(({ name, meaning }) => entry(name.padEnd(16), meaning)).join('\n')}
The ALB is as its documentation says, the virus scanner as its users report it; the others are compared with the real ones.
`

const EXPLAIN = `Usage: xray explain [options] <file>

Explains what was recorded (xray --record), item by item; or bytes as they were on the wire, such as those of
curl --raw -i, row by row. Behind the items of a recording stands what is wrong with it, what that rests on, and what to do.
- is the standard input.

  --json               one line of JSON for each item of a recording
  --decoder <file>     a decoder of yours reads the recording instead, as xray quiz --help says
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

  --answers <a,b,c>    answers without being asked; an empty one is none
  --json               one line of JSON for each question, with its solution where there is an answer
  --decoder <file>     asks nothing: a decoder of yours reads the recordings, and where it first disagrees with ours is
                       explained. It exports createChunkDecoder (exercise 1.4) or createSseParser (2.3)
  -h, --help

Exit code: 0 done; 1 they cannot be read, or the decoder disagrees; 2 wrong usage.
`

export const HELP: Readonly<Record<Verb, string>> = {
  proxy: PROXY,
  ...DIAGNOSIS_HELP,
  explain: EXPLAIN,
  replay: REPLAY,
  export: EXPORT,
  web: WEB,
  quiz: QUIZ,
}
