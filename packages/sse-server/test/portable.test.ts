import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const src = new URL('../src/', import.meta.url)
const IMPORT = /^(?:import|export)\b(?! type\b)[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm

/** Everything a file loads when it runs, and everything those load. Type-only imports are gone by then. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  if (!file.startsWith('./')) return seen
  for (const [, from, bare, dynamic] of readFileSync(new URL(file, src), 'utf8').matchAll(IMPORT)) {
    reach((from ?? bare ?? dynamic) as string, seen)
  }
  return seen
}

const foreign = (file: string) => [...reach(file)].filter((name) => !name.startsWith('./'))

describe('what an entry loads', () => {
  test.each(['./index.ts', './web.ts'])(
    '%s runs anywhere: no node: module, and what is portable of one package',
    (entry) => {
      expect(foreign(entry)).toEqual(['@sse-from-scratch/http-raw/headers'])
      expect(reach(entry).size).toBeGreaterThan(3)
    },
  )

  test('./node.ts needs node: only, and not our own HTTP stack', () => {
    expect(new Set(foreign('./node.ts'))).toEqual(new Set(['@sse-from-scratch/http-raw/headers', 'node:net']))
  })

  test('./raw.ts stands on chunked and what is below', () => {
    const below = ['@sse-from-scratch/chunked', '@sse-from-scratch/http-raw', '@sse-from-scratch/http-raw/headers']
    expect(new Set(foreign('./raw.ts'))).toEqual(new Set(below))
  })

  test('together they load every file there is', () => {
    const loaded = new Set(['./index.ts', './raw.ts', './node.ts', './web.ts'].flatMap((entry) => [...reach(entry)]))
    for (const file of readdirSync(fileURLToPath(src))) expect(loaded, file).toContain(`./${file}`)
  })
})

test('every entry of package.json has its source', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../package.json', src), 'utf8'))
  for (const [name, entry] of Object.entries<Record<string, string> | string>(exports)) {
    const path = typeof entry === 'string' ? entry : entry['@sse-from-scratch/source']
    expect(existsSync(new URL(`../${path}`, src)), name).toBe(true)
  }
})

test('the portable files use no global that only Node has', () => {
  for (const entry of ['./index.ts', './web.ts']) {
    for (const file of reach(entry)) {
      if (!file.startsWith('./')) continue
      const code = readFileSync(new URL(file, src), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      expect(code, file).not.toMatch(/\b(Buffer|process|setImmediate|require|__dirname|global)\b/)
    }
  }
})
