import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const SRC = new URL('../src/', import.meta.url)

/** Every module that `entry` loads at run time; type-only imports are gone by then. */
async function reach(entry: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  if (!entry.startsWith('./')) return seen
  const source = await readFile(new URL(entry, SRC), 'utf8')
  for (const [, clause = '', from = ''] of source.matchAll(/^(?:import|export)\s([^'"]*?)\s*from '([^']+)'/gm)) {
    if (!isTypeOnly(clause)) await reach(from, seen)
  }
  return seen
}

function isTypeOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true
  const names = /^\{([^}]*)\}$/
    .exec(clause)?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '')
  return names?.every((name) => name.trim().startsWith('type ')) ?? false
}

describe('runs outside Node', () => {
  test.each(['./decoder.ts', './fetch.ts'])('%s reaches no package and no node: module', async (entry) => {
    const foreign = [...(await reach(entry))].filter((module) => !module.startsWith('./'))
    expect(foreign).toEqual([])
  })

  test('the reach is measured: the whole package reaches the floor below', async () => {
    expect(await reach('./index.ts')).toContain('@sse-from-scratch/chunked')
  })

  test.each(['./decoder.ts', './fetch.ts'])('%s reaches no name that only Node has', async (entry) => {
    for (const module of await reach(entry)) {
      expect(await readFile(new URL(module, SRC), 'utf8')).not.toMatch(/\b(Buffer|process|setImmediate|require)\b[.(]/)
    }
  })
})
