import { appendFile, chmod, mkdir, open, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Env } from './chosen-provider.ts'

/** What was typed in earlier conversations, for the arrow keys. */
export interface PromptHistory {
  /** Newest first, as readline wants them. */
  readonly lines: readonly string[]
  /** Keeps a line for the next conversation, unless it begins with a blank or has something like a key in it. */
  add(line: string): Promise<void>
}

/** Lines that are offered again; the file has twice as many at most before the older half goes. */
export const MAX_LINES = 1000
/** Bytes of the file that are read, from its end. */
const MAX_READ: number = 1024 * 1024

export const NO_HISTORY: PromptHistory = { lines: [], add: async () => {} }

/**
 * Where it is kept: in the user's state directory (XDG Base Directory Specification: a path that is not absolute does not
 * count). `undefined` where there is none.
 */
export function historyPath(env: Env): string | undefined {
  const [xdg, home, windows] = [env['XDG_STATE_HOME'], env['HOME'], env['LOCALAPPDATA']]
  const state = xdg?.startsWith('/') ? xdg : home ? join(home, '.local/state') : windows
  return state ? join(state, 'llm-stream', 'history') : undefined
}

/**
 * Reads the history. Only its owner may (mode 0600): what one asks is nobody else's business.
 *
 * Never rejects: a conversation without a history is better than none. `onFailure` is told once.
 */
export async function openHistory(path: string, env: Env, onFailure: (error: Error) => void): Promise<PromptHistory> {
  const secrets = secretsOf(env)
  let failed = false
  const fail = (error: Error) => {
    if (!failed) onFailure(error)
    failed = true
  }

  return {
    lines: await readLines(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') fail(error)
      return []
    }),
    async add(line) {
      const text = line.trimEnd()
      if (failed || text === '' || /^\s/.test(text) || isSecret(text, secrets)) return
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await appendFile(path, `${text}\n`, { mode: 0o600 })
      } catch (error) {
        fail(error as Error)
      }
    },
  }
}

async function readLines(path: string): Promise<readonly string[]> {
  await chmod(path, 0o600)
  const all = (await readEnd(path))
    .split('\n')
    .map(harmless)
    .filter((line) => line !== '')
  const lines = all.slice(-MAX_LINES)
  if (all.length > 2 * MAX_LINES) await replace(path, lines)
  return lines.reverse()
}

/** From the first whole line within the limit. */
async function readEnd(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - MAX_READ)
    const bytes = new Uint8Array(Math.min(size, MAX_READ))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
    const text = new TextDecoder().decode(bytes.subarray(0, bytesRead))
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    await file.close()
  }
}

/** Whole or not at all: another conversation may read it now. */
async function replace(path: string, lines: readonly string[]): Promise<void> {
  const next = `${path}.${process.pid}`
  await writeFile(next, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  await rename(next, path)
}

/** What a terminal would take for a command is not typed there again. */
function harmless(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
  return line.replace(/[\0-\x1f\x7f-\x9f]/g, '')
}

/** A value shorter than this is in many an innocent line. */
const LEAST_SECRET = 8

function secretsOf(env: Env): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /(?:KEY|TOKEN|SECRET|PASSWORD)$/.test(name) && value && value.length >= LEAST_SECRET ? [value.trim()] : [],
  )
}

/** How keys of the usual services begin, and what comes before them in a header. */
const KEYS = /\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|glpat|AKIA|AIza|eyJ)[-_]?[\w-]{16,}|\b(?:bearer|x-api-key:)\s+\S{8,}/i

function isSecret(line: string, secrets: readonly string[]): boolean {
  return KEYS.test(line) || secrets.some((secret) => line.includes(secret))
}
