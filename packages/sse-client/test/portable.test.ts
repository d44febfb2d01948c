import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const SRC = new URL('../src/', import.meta.url)

const LIMITS = new URL('../../tcp-echo/src/limits.ts', SRC).href

/** The doors of other packages that are open outside Node, and where they lead. */
const DOORS = new Map([
  ['@sse-from-scratch/http-raw/headers', new URL('../../http-raw/src/headers.ts', SRC).href],
  ['@sse-from-scratch/tcp-echo/limits', LIMITS],
])

/** Every module that `entry` loads at run time, files as URLs; type-only imports are gone by then. */
async function reach(entry: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  if (!entry.startsWith('file:')) return seen
  const source = await readFile(new URL(entry), 'utf8')
  for (const [, clause = '', from = ''] of source.matchAll(/^(?:import|export)\s([^'"=(]*?)\s*from '([^']+)'/gm)) {
    if (!isTypeOnly(clause))
      await reach(from.startsWith('.') ? new URL(from, entry).href : (DOORS.get(from) ?? from), seen)
  }
  return seen
}

const reachOf = (file: string) => reach(new URL(file, SRC).href)

function isTypeOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true
  const names = /^\{([^}]*)\}$/
    .exec(clause)?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '')
  return names?.every((name) => name.trim().startsWith('type ')) ?? false
}

describe('runs outside Node', () => {
  test.each(['./decoder.ts', './fetch.ts'])(
    '%s reaches no node: module, and no package but the headers of http-raw and the limits of tcp-echo',
    async (entry) => {
      const foreign = [...(await reachOf(entry))].filter((module) => !module.startsWith('file:'))
      expect(foreign).toEqual([])
    },
  )

  test('the decoder alone reaches one file of another package: the limits of tcp-echo', async () => {
    const outside = [...(await reachOf('./decoder.ts'))].filter((module) => !module.startsWith(SRC.href))
    expect(outside).toEqual([LIMITS])
  })

  test('the reach is measured: the whole package reaches the floor below', async () => {
    expect(await reachOf('./index.ts')).toContain('@sse-from-scratch/chunked')
    expect(await reachOf('./fetch.ts')).toContain(new URL('../../http-raw/src/credentials.ts', SRC).href)
  })

  test.each(['./decoder.ts', './fetch.ts'])('%s reaches no name that only Node has', async (entry) => {
    for (const module of await reachOf(entry)) {
      expect(await readFile(new URL(module), 'utf8')).not.toMatch(/\b(Buffer|process|setImmediate|require)\b[.(]/)
    }
  })
})
