/**
 * A text that arrives word by word: one program, one file, nothing between it and TCP.
 *
 * It stands on the ground floor, `listen` of tcp-echo, because there an answer is what it is on the wire: text that
 * somebody wrote out. Every byte that leaves is spelled in this file and printed as it goes. Only reading is left to
 * a decoder of http-raw: what strangers send has to be looked at more closely than a page like this has room for.
 */
import { readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRequestDecoder, HttpError, type RequestHead } from '@sse-from-scratch/http-raw'
import { type Connection, listen, TcpError } from '@sse-from-scratch/tcp-echo'

const USAGE = `usage: streaming-text [--port 0] [--interval 120] [--cut 0] [--file text.txt] [--quiet]

  --port       where to listen on 127.0.0.1; 0 takes any free port
  --interval   milliseconds between two words
  --cut        hang up after so many words of each connection, to see the browser come back; 0 never does
  --file       another text to tell, at most 1 MiB
  --quiet      do not print the bytes that leave
  --help       this text

Open the address it prints in a browser, or ask as one would: curl -N --raw http://127.0.0.1:PORT/events
Ctrl-C ends it.
`

const TEXT = `A stream is a promise to say more. The server opens its mouth before it knows the last word, and the \
reader listens before there is anything to keep.

Every word you see here came as an event of its own: a number, the word, an empty line. The number is what makes it safe \
to lose the connection. Whoever comes back says the last number they have heard, and the story goes on behind it.

When there is nothing left, the server says so in the only way an EventSource takes for an answer: 204, No Content. Then \
the browser stays away, and the page is what it should be in the end: a text, all of it, and quiet.`

const HEAD_TIME = 10_000 // milliseconds a client has for its request
const LINGER_TIME = 2000 // and to close, once it has its answer
const RECONNECT_TIME = 300 // what we tell the browser to wait before it comes back
const MAX_CONNECTIONS = 256
const MAX_FILE = 1024 * 1024

interface Telling {
  readonly words: readonly string[]
  readonly interval: number
  readonly cut: number
}

/** The same for one client, and whether it is still there. */
interface TellingTo extends Telling {
  readonly gone: AbortSignal
}

/** How one connection speaks: text in, bytes out. */
type Say = (text: string) => Promise<void>

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      interval: { type: 'string', default: '120' },
      cut: { type: 'string', default: '0' },
      file: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)
  const text = values.file === undefined ? TEXT : await read(values.file)
  const telling: Telling = {
    words: text.split(/(?<=\S)(?=\s)/), // each with the white space in front of it: nothing gets lost
    interval: wholeNumber('--interval', values.interval, 60_000),
    cut: wholeNumber('--cut', values.cut, 1_000_000),
  }
  const print = values.quiet ? () => {} : (line: string) => void process.stdout.write(`${line}\n`)
  let count = 0
  const listener = await listen((connection) => serve(connection, telling, mouthOf(connection, ++count, print)), {
    port: wholeNumber('--port', values.port, 65_535),
    maxConnections: MAX_CONNECTIONS,
    onError: (_, { remote }) => print(`${remote.address}:${remote.port} left before the end`),
  })
  process.stdout.write(`http://127.0.0.1:${listener.address.port}/\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void listener[Symbol.asyncDispose]())
}

/** One request, one answer, and the connection is over (RFC 9112 §9.6). */
async function serve(connection: Connection, telling: Telling, say: Say): Promise<void> {
  const late = setTimeout(() => connection.abort(new TcpError('TCP_TIMEOUT', 'no request came')), HEAD_TIME)
  try {
    const head = await readHead(connection)
    clearTimeout(late)
    if (head !== undefined) await answer(head, { ...telling, gone: connection.signal }, say)
  } catch (error) {
    clearTimeout(late)
    if (!(error instanceof HttpError)) throw error
    await say(whole(`${error.status} Refused`, 'text/plain', `${error.code}\n`))
  }
  await connection.end()
  await drain(connection)
}

async function readHead(connection: Connection): Promise<RequestHead | undefined> {
  const decoder = createRequestDecoder({ limits: { headSize: 8192, bodySize: 0 } })
  let head: RequestHead | undefined
  for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) {
    decoder.push(bytes, (event) => {
      if (event.kind === 'head') head = event.head
    })
    if (head !== undefined) return head
  }
  decoder.end(() => {}) // throws when the client left in the middle of its request
  return undefined
}

/** To close while bytes of the client are unread is to send RST, and that can destroy what was said last. */
async function drain(connection: Connection): Promise<void> {
  const late = setTimeout(() => connection.abort(), LINGER_TIME)
  try {
    while ((await connection.read()) !== null);
  } catch {
    // It reset the connection, or took too long. It has had its answer.
  } finally {
    clearTimeout(late)
  }
}

async function answer({ method, target, version, fields }: RequestHead, telling: TellingTo, say: Say): Promise<void> {
  const [path = ''] = target.split('?')
  if (method !== 'GET')
    return say(whole('405 Method Not Allowed', 'text/plain', 'GET is all there is.\n', 'Allow: GET\r\n'))
  if (path === '/') return say(whole('200 OK', 'text/html; charset=utf-8', PAGE, PAGE_POLICY))
  if (path !== '/events') return say(whole('404 Not Found', 'text/plain', 'There is / and /events.\n'))
  const heard = wordsHeard(fields.get('last-event-id'), telling.words.length)
  if (heard === telling.words.length) return say(NOTHING_LEFT)
  return tell(telling, heard, version === '1.1' ? { say, ...CHUNKED } : { say, ...UNTIL_CLOSE })
}

/** How many words a client has by its own account; an id that is none of ours has heard nothing. */
function wordsHeard(id: string | undefined, all: number): number {
  const heard = /^\d{1,7}$/.test(id ?? '') ? Number(id) : 0
  return heard <= all ? heard : 0
}

/** How a body without a length shows where it ends. A client of HTTP/1.0 knows no chunks (RFC 9112 §7.1): only our FIN. */
const CHUNKED = { field: 'Transfer-Encoding: chunked\r\n', wrap: chunk, end: '0\r\n\r\n' }
const UNTIL_CLOSE = { field: '', wrap: (text: string) => text, end: '' }

/** The event stream (HTML §9.2), one event in one chunk. */
async function tell(
  { words, interval, cut, gone }: TellingTo,
  heard: number,
  { say, field, wrap, end }: typeof CHUNKED & { readonly say: Say },
): Promise<void> {
  await say(streamHead(field))
  await say(wrap(`retry: ${RECONNECT_TIME}\n\n`))
  const last = cut > 0 ? Math.min(words.length, heard + cut) : words.length
  for (let i = heard; i < last; i++) {
    await sleep(interval, undefined, { signal: gone })
    await say(wrap(eventOf(i + 1, words[i] ?? '')))
  }
  if (last === words.length && end !== '') await say(end) // without this last chunk it is no end but a cut
}

function streamHead(framing: string): string {
  const lines = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/event-stream',
    'Cache-Control: no-cache, no-transform', // no proxy may keep it, or collect it for compression
    'X-Accel-Buffering: no', // nginx would collect it too
  ]
  return `${lines.join('\r\n')}\r\n${framing}Connection: close\r\n\r\n`
}

/** What makes an EventSource give up coming back (HTML §9.2.3). A 204 never has a body (RFC 9110 §15.3.5). */
const NOTHING_LEFT = 'HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n'

/** A line feed in the data begins another data line; the browser puts them together again. */
function eventOf(id: number, word: string): string {
  const lines = word.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `id: ${id}\n${lines.join('')}\n`
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

function whole(status: string, type: string, body: string, more: string = ''): string {
  const length = Buffer.byteLength(body)
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}Connection: close\r\n\r\n${body}`
}

/** Sends, and prints what it sends with its line ends visible. */
function mouthOf(connection: Connection, number: number, print: (line: string) => void): Say {
  return (text) => {
    const shown = text.length > 600 ? `${text.slice(0, 300)} … ${text.length - 300} more characters` : text
    const visible = shown
      .replaceAll('\r', '␍')
      .replaceAll('\n', '␊')
      .replace(/[\p{Cc}\p{Cf}]/gu, '·')
    print(`#${number} ${visible}`)
    return connection.write(new TextEncoder().encode(text))
  }
}

async function read(file: string): Promise<string> {
  const { size } = await stat(file)
  if (size > MAX_FILE) throw new RangeError(`${file} has ${size} bytes; at most ${MAX_FILE} are told`)
  return readFile(file, 'utf8')
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value <= max) return value
  throw new RangeError(`${name} must be a whole number from 0 to ${max}, not ${text}`)
}

const PAGE_POLICY =
  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "connect-src 'self'; img-src data:\r\n"

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Streaming text</title>
<link rel="icon" href="data:,">
<style>
  :root { --ink: #1d2326; --quiet: #5a6468; --page: #f7f6f2; --accent: #0a6b5e; --fresh: #bfe6d3 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6e8e6; --quiet: #9aa6aa; --page: #14181a; --accent: #4cc7b0; --fresh: #1f5a45 }
  }
  body { max-width: 38rem; margin: 0 auto; padding: 1.5rem 1.25rem; background: var(--page); color: var(--ink);
    font: 1.15rem/1.6 Georgia, serif }
  h1 { font-size: 1.3rem; margin: 0 }
  #text { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 22rem }
  @media (prefers-reduced-motion: no-preference) { #text span { animation: fresh 1s } }
  @keyframes fresh { from { background: var(--fresh) } }
  #news, button { font: 0.9rem/1.5 system-ui, sans-serif; color: var(--quiet); font-variant-numeric: tabular-nums }
  button { padding: 0.4rem 1rem; border: 1px solid var(--accent); border-radius: 0.5rem; background: none; color: var(--accent) }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
</style>
</head>
<body>
<h1>Streaming text</h1>
<p id="news"><span id="state" role="status">connecting…</span> <span id="count"></span></p>
<noscript>Without JavaScript: curl -N --raw on /events shows the same.</noscript>
<div id="text"></div>
<button type="button" id="again">Tell it again</button>
<script>
  const [state, count, text] = ['#state', '#count', '#text'].map((name) => document.querySelector(name))
  let source, words, connections

  function begin() {
    source?.close()
    text.replaceChildren()
    words = connections = 0
    source = new EventSource('/events')
    source.onopen = () => {
      connections++
      say('open')
    }
    source.onmessage = ({ data }) => {
      words++
      const word = document.createElement('span')
      word.textContent = data // text stays text: nothing in it can become markup
      text.append(word)
      say('open')
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CONNECTING) return say('the connection is over, coming back…')
      say(words > 0 ? 'the server said 204: that was all' : 'the server does not tell it')
    }
  }

  function say(what) {
    if (state.textContent !== what) state.textContent = what // a status is read out: once is enough
    count.textContent = '· ' + words + (words === 1 ? ' word' : ' words') +
      ' in ' + connections + (connections === 1 ? ' connection' : ' connections')
  }

  document.querySelector('#again').onclick = begin
  begin()
</script>
</body>
</html>
`

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof TcpError ? 1 : 2 // the network's fault, or how it was called
})
