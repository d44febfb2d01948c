import { readFile } from 'node:fs/promises'
import type { ProbeOptions } from '../probe/probe.ts'
import { CommandError } from './command-error.ts'
import { type parseFlags, UsageError, wholeNumberIn } from './options.ts'
import type { Command } from './terminal.ts'

/** How to ask, for `probe` and `check` alike. */
export const REQUEST_FLAGS = {
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  request: { type: 'string', short: 'X' },
  time: { type: 'string' },
  ca: { type: 'string' },
} as const

type Values = ReturnType<typeof parseFlags<typeof REQUEST_FLAGS>>['values']

/** The URL as people type it. @throws UsageError for what is none, or has credentials in it */
export function urlIn(word: string): URL {
  const text = /^\d+(?:\/|$)/.test(word) ? `http://127.0.0.1:${word}` : word.includes('://') ? word : `http://${word}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError(`a URL such as http://127.0.0.1:8089/stream is needed, not ${JSON.stringify(word)}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('no credentials in the URL: give -H "Authorization: …"')
  }
  return url
}

/** Rejects with a UsageError for a value that is none, with a CommandError for a file that cannot be read. */
export async function requestWords(values: Values, { signal }: Command, seconds: number): Promise<ProbeOptions> {
  const time = wholeNumberIn(values.time, '--time', 1, 86_400) ?? seconds
  return {
    fields: (values.header ?? []).map(fieldIn),
    time: time * 1000,
    signal,
    ...(values.request !== undefined && { method: values.request }),
    ...(values.data !== undefined && { body: await contentIn(values.data) }),
    ...(values.ca !== undefined && { tls: { ca: await fileIn(values.ca) } }),
  }
}

function fieldIn(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new UsageError('-H is a field such as "Accept: text/event-stream"')
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

/** As curl has it: `@file` is what is in the file. */
function contentIn(text: string): Promise<string> | string {
  return text.startsWith('@') ? fileIn(text.slice(1)) : text
}

async function fileIn(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new CommandError(error.message)
  })
}
