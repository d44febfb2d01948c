import { request as ask } from 'node:http'
import { request } from '@sse-from-scratch/chunked'
import { readEvents } from '@sse-from-scratch/sse-client'
import { findTool, run } from '@sse-from-scratch/testkit'

/** What four clients make of a stream: what each heard of it, and how it ended for them. */
export async function askAll(url: string): Promise<string[]> {
  return [await bySse(url), await byFetch(url), await byNodeHttp(url), await byCurl(url)]
}

async function bySse(url: string): Promise<string> {
  const heard: string[] = []
  return await told('this repository', heard, async () => {
    await using response = await request(url)
    for await (const { data } of readEvents(response.body)) heard.push(data)
  })
}

async function byFetch(url: string): Promise<string> {
  const heard: string[] = []
  return await told('fetch', heard, async () => {
    const response = await fetch(url)
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) heard.push(decoder.decode(bytes, { stream: true }))
  })
}

async function byNodeHttp(url: string): Promise<string> {
  const heard: string[] = []
  return await told('node:http', heard, async () => {
    const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) =>
      ask(url, { agent: false }, resolve).on('error', reject).end(),
    )
    for await (const bytes of response) heard.push(bytes.toString())
  })
}

async function byCurl(url: string): Promise<string> {
  const curl = findTool('curl')
  if (curl === undefined) return 'curl: not here'
  const { stdout, stderr, code } = await run(curl.path, ['-sSN', '--max-time', '5', url])
  return `curl: ${JSON.stringify(stdout)}; exit code ${code}${code === 0 ? '' : `: ${stderr.trim()}`}`
}

async function told(name: string, heard: readonly string[], listen: () => Promise<void>): Promise<string> {
  const end = await listen().then(() => 'a clean end', wordsOf)
  return `${name}: ${heard.map((text) => JSON.stringify(text)).join(' ') || 'nothing'}; ${end}`
}

function wordsOf(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string; cause?: { code?: string } }
  const known = code ?? cause?.code
  return `an error: ${known === undefined ? '' : `${known}, `}${message}`
}
