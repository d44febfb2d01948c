import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { asBytes } from '@sse-from-scratch/course'
import { readEvents } from '@sse-from-scratch/sse-client'
import { findTool, startChromium } from '@sse-from-scratch/testkit'
import { createParser } from 'eventsource-parser'
import { EventSource } from 'undici'
import type { Answers } from './contract.ts'

export const RECORDING: string = fileURLToPath(new URL('replay/heard.jsonl', import.meta.url))

export type SampleName = Exclude<keyof Answers, 'naiveIsRight'>

/** The chunks of each stream, as the server writes them. */
export const SAMPLES: Readonly<Record<SampleName, readonly Uint8Array[]>> = {
  noBlankLine: [asBytes('data: one\n\n'), asBytes('data: two\n')],
  noColon: [asBytes('data\n\n'), asBytes('data\ndata\n\n'), asBytes('data: x\ndata\n\n')],
  mixedLineEnds: [asBytes('data: a\r\ndata: b\rdata: c\n\r\n'), asBytes('data: d\r'), asBytes('\ndata: e\r\n\r\n')],
  twoInOneChunk: [asBytes('data: one\n\ndata: two\n\n')],
  oneInFiveChunks: fiveOf(asBytes('data: wörld\n\n')),
}

/** One of the cuts is in the middle of the two bytes of `ö`. */
function fiveOf(bytes: Uint8Array): Uint8Array[] {
  const ends = [2, 5, 8, 12, bytes.length]
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end))
}

/** What the judges heard of a sample: the data of each event. */
export interface Heard {
  readonly sample: SampleName
  readonly heard: Readonly<Record<string, readonly string[]>>
}

type Judge = (url: string) => Promise<string[]>

/** Asks each judge about each sample. */
export async function hearAll(judges: Readonly<Record<string, Judge>>, pauseMs: number): Promise<Heard[]> {
  await using server = await serveSamples(pauseMs)
  const all: Heard[] = []
  for (const sample of Object.keys(SAMPLES) as SampleName[]) {
    const heard: Record<string, readonly string[]> = {}
    for (const [name, judge] of Object.entries(judges)) heard[name] = await judge(`${server.url}${sample}`)
    all.push({ sample, heard })
  }
  return all
}

/** What many programs do: each read is a text, each blank line ends an event, each line begins with `data: `. */
export function naive(read: Uint8Array): string[] {
  const blocks = new TextDecoder().decode(read).split('\n\n')
  return blocks.filter((block) => block.startsWith('data: ')).map((block) => block.slice('data: '.length))
}

/** The judges that need nothing but npm. */
export const JUDGES: Readonly<Record<string, Judge>> = {
  'our package': async (url) => {
    const heard: string[] = []
    for await (const { data } of readEvents(await fetch(url))) heard.push(data)
    return heard
  },
  undici: (url) =>
    new Promise((resolve) => {
      const heard: string[] = []
      const source = new EventSource(url)
      source.onmessage = ({ data }) => heard.push(data)
      source.onerror = () => {
        source.close() // the stream has ended, and would be opened again
        resolve(heard)
      }
    }),
  'eventsource-parser': async (url) => {
    const heard: string[] = []
    const parser = createParser({ onEvent: ({ data }) => heard.push(data) })
    const { body } = await fetch(url)
    const text = new TextDecoder()
    for await (const bytes of body ?? []) parser.feed(text.decode(bytes, { stream: true }))
    return heard
  },
  'a naive parser': async (url) => {
    const heard: string[] = []
    const { body } = await fetch(url)
    for await (const bytes of body ?? []) heard.push(...naive(bytes))
    return heard
  },
}

export interface BrowserJudge extends AsyncDisposable {
  readonly hear: Judge
}

/** The EventSource of Chromium. */
export async function openBrowserJudge(): Promise<BrowserJudge> {
  const browser = await startChromium()
  const page = await browser.newPage()
  const ask = `(url) => new Promise((resolve) => {
    const heard = []
    const source = new EventSource(url)
    source.onmessage = ({ data }) => heard.push(data)
    source.onerror = () => { source.close(); resolve(heard) }
  })`
  return {
    async hear(url) {
      await page.goto(new URL('/', url).href)
      return page.evaluate<string[]>(`(${ask})(${JSON.stringify(url)})`)
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

async function serveSamples(pauseMs: number) {
  const server = createServer(async ({ url = '/' }, response) => {
    const chunks = SAMPLES[url.slice(1) as SampleName] as readonly Uint8Array[] | undefined
    response.writeHead(200, { 'Content-Type': chunks ? 'text/event-stream' : 'text/html', Connection: 'close' })
    for (const chunk of chunks ?? []) {
      response.write(chunk)
      await pause(pauseMs)
    }
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

// As a program of its own, it makes the recording anew.
if (process.argv[1] === import.meta.filename) {
  if (findTool('chromium') === undefined) throw new Error('the recording is made with Chromium, which is not here')
  await using chromium = await openBrowserJudge()
  const all = await hearAll({ Chromium: chromium.hear, ...JUDGES }, 20)
  await writeFile(RECORDING, all.map((heard) => `${JSON.stringify(heard)}\n`).join(''))
}
