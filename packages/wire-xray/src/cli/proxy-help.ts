import { FAULT_WORDS, IMITATIONS } from '../faults/index.ts'
import { wrap } from '../format.ts'

/** As wide as the other lines at most. */
function entry(word: string, meaning: string): string {
  const margin = ' '.repeat(word.length + 3)
  return `  ${word} ${wrap(meaning, 118 - margin.length).join(`\n${margin}`)}`
}

/** What `xray` says of itself as a proxy. */
export const PROXY_HELP: string = `Usage: xray <target> [options]      (in its repository: npm run xray -- <target> [options])

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
