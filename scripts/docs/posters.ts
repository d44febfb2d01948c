import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ELEMENTS, explain } from '../../packages/wire-xray/src/index.ts'
import { type ReadingOptions, readBytes } from '../../packages/wire-xray/src/reading.ts'
import { drawBytes } from './poster-bytes.ts'
import { captureAnthropic, captureChunked, captureEvents, captureOpenAI, captureWhole } from './poster-captures.ts'
import { drawEndings, meetEndings, tellEndings } from './poster-endings.ts'
import { frame } from './poster-svg.ts'
import { drawTcpLife, tellTcpLife } from './poster-tcp-life.ts'

/** A picture of bytes that were really sent, and the same in words. */
export interface Poster {
  readonly name: string
  readonly title: string
  /** What it shows, for who cannot see it. */
  readonly description: string
  readonly svg: string
  /** The names of its bytes: layer and element. */
  readonly names: readonly string[]
  /** All that is in it but what the names mean, as Markdown. */
  readonly twin: string
}

/** A file of docs/posters as it has to be, and whether it is like that already. */
export interface PosterFile {
  readonly path: string
  readonly text: string
  readonly upToDate: boolean
}

/** Every poster, drawn anew: from the ground floor up. */
export async function posters(): Promise<Poster[]> {
  const [whole, chunks, events, openai, anthropic, endings] = await Promise.all([
    captureWhole(),
    captureChunked(),
    captureEvents(),
    captureOpenAI(),
    captureAnthropic(),
    meetEndings(),
  ])
  const life = {
    name: 'tcp-life',
    title: 'The life of a TCP connection',
    description:
      'Ten segments between a client and a server: three to open the connection, two with data, two that only confirm it, and three to close it.',
  }
  const ends = {
    name: 'endings',
    title: 'Six ways a response ends',
    description:
      'For each the bytes of the body, whether FIN, RST or nothing came behind them, and what a client makes of it: complete, or the code of an error.',
  }
  return [
    { ...life, names: [], svg: frame(life.title, life.description, drawTcpLife()), twin: tellTcpLife() },
    bytePoster('http-request', 'An HTTP request', 'A start line, fields, a blank line, and content.', whole.up),
    bytePoster('http-response', 'An HTTP response', 'The same shape: only the start line is another.', whole.down),
    bytePoster(
      'chunked',
      'A chunked body',
      'Three chunks of 5, 7 and 26 bytes, the last chunk of size zero, and a trailer field behind it.',
      bodyOf(chunks.down),
      { as: 'chunked-body' },
    ),
    bytePoster(
      'sse-event',
      'An event stream',
      'A reconnection time, an event of one line, a comment, and an event with a name, an id and two lines of data.',
      events.body,
      { as: 'event-stream' },
    ),
    bytePoster(
      'openai-stream',
      "OpenAI's stream",
      'Four events without names, with the members that every client needs: a word, the stop reason, the usage, and [DONE].',
      openai.body,
      { as: 'event-stream' },
    ),
    bytePoster(
      'anthropic-stream',
      "Anthropic's stream",
      'Seven events with names, with the members that every client needs: the start with a usage, a block that is opened, filled and closed, a ping, the stop reason with the usage that replaces the first, and the end.',
      anthropic.body,
      { as: 'event-stream' },
    ),
    { ...ends, svg: frame(ends.title, ends.description, drawEndings(endings)), names: [], twin: tellEndings(endings) },
  ]
}

function bytePoster(
  name: string,
  title: string,
  says: string,
  bytes: Uint8Array,
  options: ReadingOptions = {},
): Poster {
  const description = `${says} ${bytes.length} bytes: each in hexadecimal and as text, with the name of what it is.`
  const twin = `\`\`\`text\n${explain(bytes, { ...options, columns: 80 })}\n\`\`\``
  const names = readBytes(bytes, options).spans.map(({ layer, element }) => `${layer} ${element}`)
  return { name, title, description, names, svg: frame(title, description, drawBytes(bytes, options)), twin }
}

/** The files of docs/posters. */
export async function posterFiles(): Promise<PosterFile[]> {
  const all = await posters()
  return [...all.map(({ name, svg }) => file(`${name}.svg`, svg)), file('README.md', pageOf(all))]
}

const INTRODUCTION = `# Posters

<!-- npm run docs:posters makes this page and its pictures -->

Every picture is drawn from bytes that were sent: by the client and the server of this repository, or, for the life of a
connection, past \`tcpdump\` ([tcp-life.pcap](tcp-life.pcap): Wireshark opens it). The names are those of
[\`wire-xray\`](../../packages/wire-xray/README.md), which says why each byte is what it is. Below each picture the same
stands as text, where ␍ is CR and ␊ is LF. · is a space, and ▒ a byte that is no ASCII.
What the names mean stands [at the end](#the-names).

\`\`\`sh
npm run docs:posters              # draws them anew
npm run docs:posters -- --check   # are they what would be drawn today?
\`\`\`
`

function pageOf(all: readonly Poster[]): string {
  const sections = all.map(
    ({ name, title, description, twin }) => `## ${title}\n\n![${description}](${name}.svg)\n\n${twin}\n`,
  )
  return [
    INTRODUCTION,
    ...sections,
    `## The names\n\n${meaningsOf(new Set(all.flatMap(({ names }) => names)))}\n`,
  ].join('\n')
}

/** What the pictures say of the names, in the order of the layers. */
function meaningsOf(names: ReadonlySet<string>): string {
  const rows = Object.entries(ELEMENTS).flatMap(([layer, elements]) =>
    Object.entries(elements)
      .filter(([element]) => names.has(`${layer} ${element}`))
      .map(([element, meaning]) => `| ${layer} ${element} | ${meaning} |`),
  )
  return ['| name | what it is |', '|---|---|', ...rows].join('\n')
}

function file(name: string, text: string): PosterFile {
  const path = fileURLToPath(new URL(`../../docs/posters/${name}`, import.meta.url))
  return { path, text, upToDate: existsSync(path) && readFileSync(path, 'utf8') === text }
}

/** Behind the blank line that ends the head. */
function bodyOf(message: Uint8Array): Uint8Array {
  return message.subarray(Buffer.from(message).indexOf('\r\n\r\n') + 4)
}
