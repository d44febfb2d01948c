import { readFile } from 'node:fs/promises'
import type { ProxyOptions } from '../proxy/options.ts'
import { byteSize, parseFlags, UsageError, wholeNumberIn } from './options.ts'

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'i-know': { type: 'boolean' },
  ca: { type: 'string' },
  record: { type: 'string' },
  'redact-body': { type: 'string' },
  'no-request-body': { type: 'boolean' },
  view: { type: 'string' },
  json: { type: 'boolean' },
  web: { type: 'string' },
  'max-mem': { type: 'string' },
  fault: { type: 'string', multiple: true },
  imitate: { type: 'string' },
  'connect-timeout': { type: 'string' },
  'idle-timeout': { type: 'string' },
} as const

const PORT = 9000

type ProxyFlags = ReturnType<typeof parseFlags<typeof FLAGS>>
type Values = ProxyFlags['values']

/** @throws UsageError for an option that there is not, or that lacks its value */
export function proxyFlags(argv: readonly string[]): ProxyFlags {
  return parseFlags(argv, FLAGS)
}

/** Where to listen and how to ask. Rejects with a UsageError for a value that is none. */
export async function proxyOptions(values: Values, url: URL): Promise<ProxyOptions> {
  const port = wholeNumberIn(values.port, '--port', 0, 65_535) ?? PORT
  const maxWaiting = byteSize(values['max-mem'], '--max-mem')
  const connectTimeout = wholeNumberIn(values['connect-timeout'], '--connect-timeout', 0, 2_000_000)
  const idleTimeout = wholeNumberIn(values['idle-timeout'], '--idle-timeout', 0, 2_000_000)
  return {
    target: url.origin,
    port,
    exposed: values['i-know'] === true,
    withBytes: true,
    redactMembers: namesIn(values['redact-body']),
    requestBodies: values['no-request-body'] !== true,
    ...(values.host !== undefined && { host: values.host }),
    ...(maxWaiting !== undefined && { maxWaiting }),
    ...(connectTimeout !== undefined && { connectTimeout: connectTimeout * 1000 }),
    ...(idleTimeout !== undefined && { idleTimeout: idleTimeout * 1000 }),
    ...(values.ca !== undefined && { tls: { ca: await certificates(values.ca) } }),
  }
}

/** @throws UsageError when none is given */
function namesIn(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const names = text.split(',').map((name) => name.trim())
  if (!names.includes('')) return names
  throw new UsageError(`--redact-body is names of JSON members such as messages,prompt, not ${JSON.stringify(text)}`)
}

async function certificates(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`--ca: ${error.message}`)
  })
}
