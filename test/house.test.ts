import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../packages/testkit/src/index.ts'
import { PORTABLE_ENTRIES } from '../scripts/portable-entries.mjs'
import { importsOf, reachedFrom, sourceOf } from './imports.ts'
import { filesBelow, publicPackages, ROOT, readManifest, SCOPE, workspacePackages } from './tree.ts'

const packages = publicPackages()
const sources = packages.flatMap(({ folder }) => filesBelow(`${folder}/src`, '.ts').map((file) => ({ folder, file })))

describe('every public package', () => {
  test('is one of the seven', () => {
    const names = packages.map(({ shortName }) => shortName)
    expect(new Set(names)).toEqual(
      new Set(['chunked', 'http-raw', 'llm-stream', 'sse-client', 'sse-server', 'tcp-echo', 'wire-xray']),
    )
  })

  test.each(packages)(
    '$shortName has a README, a licence, a description and a floor for Node',
    ({ folder, manifest }) => {
      expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true)
      expect(manifest).toMatchObject({ license: 'MIT', type: 'module', engines: { node: '>=20.19' } })
      expect(manifest.description).toMatch(/^\S.{20,}\.$/)
    },
  )

  test.each(packages)(
    '$shortName is free of side effects and packs dist and src, and what its program shows',
    (its) => {
      const { manifest, shortName } = its
      expect(manifest.sideEffects).toBe(false)
      const shown = shortName === 'wire-xray' ? ['page', '!page/tsconfig.json', 'recordings'] : []
      expect(manifest.files?.filter((name: string) => !shown.includes(name))).toEqual([
        'dist',
        '!dist/.tsbuildinfo',
        'src',
      ])
    },
  )

  test.each(packages)(
    '$shortName exports files that exist, source and dist in the same place',
    ({ folder, manifest }) => {
      for (const [path, target] of Object.entries(manifest.exports ?? {})) {
        if (path === './package.json') continue
        const source = typeof target === 'string' ? '' : (target['@sse-from-scratch/source'] ?? '')
        expect(existsSync(join(ROOT, folder, source)), `${path} -> ${source}`).toBe(true)
        const dist = source.replace('./src/', './dist/')
        expect(Object.entries(target)).toEqual([
          ['@sse-from-scratch/source', source],
          ['types', dist.replace(/\.ts$/, '.d.ts')],
          ['default', dist.replace(/\.ts$/, '.js')],
        ])
      }
    },
  )

  test.each(packages)('$shortName depends on floors of the workspace and on nothing from npm', ({ manifest }) => {
    const strangers = Object.entries(manifest.dependencies ?? {}).filter(
      ([name, range]) => !name.startsWith(SCOPE) || range !== 'workspace:*',
    )
    expect(strangers).toEqual([])
  })

  test.each(packages)('$shortName runs nothing when it is installed', ({ manifest }) => {
    const names = Object.keys(manifest.scripts ?? {})
    expect(names.filter((name) => /^(pre|post)?(install|prepare|pack|publish)/.test(name))).toEqual([])
  })

  test.each(packages)('the TypeScript references of $shortName are its dependencies', ({ folder, manifest }) => {
    const { references = [] } = JSON.parse(readFileSync(join(ROOT, folder, 'tsconfig.json'), 'utf8'))
    const declared = Object.keys(manifest.dependencies ?? {}).map((name) => `../${name.slice(SCOPE.length)}`)
    expect(new Set(references.map(({ path }: { path: string }) => path))).toEqual(new Set(declared))
  })

  test('is built by tsc -b', () => {
    const { references } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'))
    const built = references.map(({ path }: { path: string }) => path)
    expect(new Set(built)).toEqual(new Set(packages.map(({ folder }) => folder)))
  })
})

describe('the floors', () => {
  test('only packages that are declared, through their front doors', () => {
    const wrong = sources.flatMap(({ folder, file }) => {
      const declared = Object.keys(readManifest(folder).dependencies ?? {})
      return importsOf(file)
        .map(({ specifier }) => specifier)
        .filter((specifier) => specifier.startsWith(SCOPE))
        .filter((specifier) => !isDeclared(specifier, declared) || sourceOf(specifier) === undefined)
        .map((specifier) => `${file} imports ${specifier}`)
    })
    expect(wrong).toEqual([])
  })

  test.each(packages)('$shortName imports every package it depends on', ({ folder, manifest }) => {
    const imported = sources
      .filter((source) => source.folder === folder)
      .flatMap(({ file }) => importsOf(file).map(({ specifier }) => specifier.split('/', 2).join('/')))
    const unused = Object.keys(manifest.dependencies ?? {}).filter((name) => !imported.includes(name))
    expect(unused).toEqual([])
  })

  test('nothing from outside but Node itself', () => {
    const outside = sources.flatMap(({ file }) => importsOf(file).map(({ specifier }) => ({ file, specifier })))
    expect(outside.filter(({ specifier }) => !/^(\.|node:|@sse-from-scratch\/)/.test(specifier))).toEqual([])
  })

  test('every file of a package can be reached from one of its entries', () => {
    const reached = new Set(packages.flatMap(({ folder, manifest }) => [...reachable(folder, manifest)]))
    const lost = sources.map(({ file }) => file).filter((file) => !reached.has(file))
    expect(lost).toEqual([])
  })

  test('no package of the workspace is a dependency of the root, where everybody would see it', () => {
    const { dependencies, devDependencies } = readManifest('')
    expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name.startsWith(SCOPE))).toEqual([])
  })

  test.each(PORTABLE_ENTRIES)('%s reaches no module of Node', (entry) => {
    const source = sourceOf(entry)
    expect(source).toBeDefined()
    expect([...reachedFrom(source ?? '').outside]).toEqual([])
  })

  test('packages that only tests see are private', () => {
    const names = workspacePackages()
      .filter(({ manifest }) => manifest.private)
      .map(({ shortName }) => shortName)
    expect(names).toEqual(expect.arrayContaining(['testkit', 'playground']))
  })
})

describe('what is in the repository', async () => {
  const files = await repositoryFiles()
  const texts = files.filter((file) => !/\.(png|jpg|gif|ico|webp|pcap|bin)$/.test(file))

  describe('in every file', () => {
    const unwanted: readonly (readonly [what: string, pattern: RegExp])[] = [
      [
        'a path of somebody’s machine',
        /(?:^|[\s'"`(=])(?:\/home\/[a-z]|\/Users\/[A-Za-z]|\/root\/|\/work\/|[A-Z]:\\Users\\)/,
      ],
      ['a registry of its own', /registry[=]|"resolved"[:]|tarball[:] http|npmrc.*\/\/(?!registry\.npmjs\.org)/],
      ['a key', /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{24,}|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/],
      ['an unfinished thought', /\b(?:TO[D]O|FIX[M]E|XX[X])\b/],
    ]
    test.each(unwanted)('there is not %s', (_, pattern) => {
      const found = texts.filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')))
      expect(found).toEqual([])
    })

    test('there is nothing generated', () => {
      expect(files.filter((file) => /(^|\/)(node_modules|dist|coverage|\.cache)\//.test(file))).toEqual([])
    })
  })
})

describe('the tests', () => {
  /** `test(…, { timeout: 9_000 }, …)`, and the `9_000` behind the body of one. */
  const LIMIT = /(?:\{ timeout: |^ *\}, )(\d[\d_]{3,})(?: \}, (?:async )?\(|\)$)/gm
  const files = ['packages', 'phases', 'examples', 'test'].flatMap((folder) => filesBelow(folder, '.test.ts'))

  test('have limits that end what hangs, a minute or more, and never what is slow', () => {
    const limits = files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(LIMIT)].map(([, limit = '']) => ({ file, limit })),
    )
    expect(limits.length).toBeGreaterThan(50)
    expect(limits.filter(({ limit }) => Number(limit.replaceAll('_', '')) < 60_000)).toEqual([])
  })
})

describe('the tools', () => {
  test('the lockfile was written for these package.json files', () => {
    const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
    const importers = lock.slice(lock.indexOf('\nimporters:'), lock.indexOf('\npackages:'))
    for (const { folder, manifest } of workspacePackages()) {
      const start = importers.indexOf(`\n  ${folder}:`)
      expect(start, `${folder} is not in pnpm-lock.yaml`).toBeGreaterThan(0)
      const importer = importers.slice(start + 1).split(/\n {2}(?=\S)/)[0] ?? ''
      for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
        expect(importer, `${folder} needs ${name}: run pnpm install`).toMatch(new RegExp(`^ {6}'?${name}'?:$`, 'm'))
    }
  })

  test('every file that biome.json and tsconfig.check.json name exists', () => {
    const { overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
    const plain = overrides
      .flatMap(({ includes }: { includes: string[] }) => includes)
      .flatMap(expandBraces)
      .map((path: string) => path.replace(/^!/, ''))
      .filter((path: string) => path.startsWith('packages/'))
      .map((path: string) => path.replace(/\/?\*\*$/, ''))
    expect(plain.filter((path: string) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

/** What git tracks; in an archive without git, what is there. */
async function repositoryFiles(): Promise<string[]> {
  const listed = await run('git', ['ls-files', '-z'], { cwd: ROOT }).catch(() => undefined)
  if (listed?.code === 0) return listed.stdout.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)))
  return ['', '.ci', '.github', '.vscode'].flatMap((folder) => filesBelow(folder, ''))
}

function isDeclared(specifier: string, declared: readonly string[]): boolean {
  return declared.some((name) => specifier === name || specifier.startsWith(`${name}/`))
}

/** From the entries of a package: its exports, its bin, and what the commands of the root start. */
function reachable(folder: string, manifest: (typeof packages)[number]['manifest']): Set<string> {
  const entries = Object.keys(manifest.exports ?? {})
    .map((path) => sourceOf(manifest.name + path.slice(1)))
    .filter((file) => file !== undefined)
  const bins = Object.values(manifest.bin ?? {}).map((file) => toSource(folder, file))
  const started = Object.values(readManifest('').scripts ?? {})
    .flatMap((script) => script.split(' '))
    .filter((word) => word.startsWith(`${folder}/`))
  const files = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file) || !existsSync(join(ROOT, file))) return
    files.add(file)
    for (const { specifier } of importsOf(file))
      if (specifier.startsWith('.')) visit(join(file, '..', specifier).replaceAll('\\', '/'))
  }
  for (const entry of [...entries, ...bins, ...started]) visit(entry)
  return files
}

function toSource(folder: string, bin: string): string {
  return join(folder, bin).replaceAll('\\', '/').replace('/dist/', '/src/').replace(/\.js$/, '.ts')
}

/** "a/{b,c}.ts" -> "a/b.ts", "a/c.ts" */
function expandBraces(path: string): string[] {
  const [, before, inner, after] = /^(.*)\{([^}]*)\}(.*)$/.exec(path) ?? []
  return inner === undefined ? [path] : inner.split(',').map((part) => `${before}${part}${after}`)
}
