import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../packages/testkit/src/index.ts'
import { npmCommand, program, ROOT, readManifest, SCOPE, workspacePackages } from './tree.ts'

// Each wall is tested by running into it: a copy of the house, outside the tree, gets one forbidden import per file.

const floors = ['tcp-echo', 'http-raw', 'chunked', 'sse-server', 'sse-client', 'llm-stream', 'wire-xray']

/** From the floor on the left, the packages on the right are out of bounds. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'tcp-echo': ['http-raw', 'chunked', 'sse-server', 'sse-client', 'llm-stream', 'wire-xray', 'testkit'],
  'http-raw': ['chunked', 'sse-server', 'sse-client', 'llm-stream', 'wire-xray', 'testkit'],
  chunked: ['sse-server', 'sse-client', 'llm-stream', 'wire-xray', 'testkit'],
  'sse-server': ['sse-client', 'llm-stream', 'wire-xray', 'testkit'],
  'sse-client': ['sse-server', 'llm-stream', 'wire-xray', 'testkit'],
  'llm-stream': ['wire-xray', 'playground', 'testkit'],
  'wire-xray': ['playground', 'testkit'],
}
const upward = Object.entries(FORBIDDEN).flatMap(([floor, above]) => above.map((target) => ({ floor, target })))
const allowed = floors.flatMap((floor) =>
  Object.keys(readManifest(`packages/${floor}`).dependencies ?? {}).map((name) => ({
    floor,
    target: name.slice(SCOPE.length),
  })),
)

interface Diagnostic {
  readonly category: string
  readonly severity: string
  readonly text: string
}

let house: string
let lint: Map<string, Diagnostic[]>
let types: Map<string, string[]>

beforeAll(async () => {
  house = await realpath(await mkdtemp(join(tmpdir(), 'walls-')))
  for (const file of ['biome.json', '.gitignore', 'package.json', 'tsconfig.base.json'])
    await cp(join(ROOT, file), join(house, file))
  for (const { folder } of workspacePackages()) {
    await mkdir(join(house, folder, 'src'), { recursive: true })
    await cp(join(ROOT, folder, 'package.json'), join(house, folder, 'package.json'))
    await symlink(join(ROOT, folder, 'node_modules'), join(house, folder, 'node_modules'), 'junction')
  }
  await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'), 'junction')
  await Promise.all(
    [...upward, ...allowed].map(({ floor, target }) => plantImport(fileFor(floor, target), SCOPE + target)),
  )
  await plantImport('packages/http-raw/src/deep.ts', `${SCOPE}tcp-echo/src/connect.ts`)
  await plantImport('packages/http-raw/src/around.ts', '../../../packages/tcp-echo/src/connect.ts')
  await plantImport('packages/http-raw/src/sideways.ts', '../../tcp-echo/src/connect.ts')
  await plantImport('packages/http-raw/src/stranger.ts', 'undici')
  await plantImport('packages/sse-server/src/web.ts', 'node:net')
  await plantImport('packages/sse-client/src/decoder.ts', 'node:buffer')
  await plantImport('packages/chunked/src/one.ts', './two.ts')
  await plantImport('packages/chunked/src/two.ts', './one.ts')
  await plant('packages/chunked/src/default.ts', 'export default 1\n')
  await Promise.all([lintHouse(), checkTypes()])
}, 300_000)

afterAll(() => rm(house, { recursive: true, force: true }))

describe('Biome, in the editor and in npm test', () => {
  test.each(upward)('$floor cannot import $target, and says why', ({ floor, target }) => {
    const found = lint.get(fileFor(floor, target)) ?? []
    const wall = found.find(({ category }) => category === 'lint/style/noRestrictedImports')
    expect(wall?.severity).toBe('error')
    expect(wall?.text).toMatch(
      floor === 'tcp-echo' ? 'The ground floor stands on node:net only.' : `${floor} stands on`,
    )
  })

  test.each(allowed)('$floor may import $target', ({ floor, target }) => {
    expect(lint.get(fileFor(floor, target)) ?? []).toEqual([])
  })

  test.each([
    ['a path past the front door', 'packages/http-raw/src/deep.ts', 'lint/style/noRestrictedImports'],
    ['a way around through packages/', 'packages/http-raw/src/around.ts', 'lint/style/noRestrictedImports'],
    ['a way sideways into the next folder', 'packages/http-raw/src/sideways.ts', 'lint/style/noRestrictedImports'],
    [
      'a package from npm at run time',
      'packages/http-raw/src/stranger.ts',
      'lint/correctness/noUndeclaredDependencies',
    ],
    ['a node: module in sse-server/web', 'packages/sse-server/src/web.ts', 'lint/correctness/noNodejsModules'],
    ['a node: module in sse-client/decoder', 'packages/sse-client/src/decoder.ts', 'lint/correctness/noNodejsModules'],
    ['a cycle', 'packages/chunked/src/one.ts', 'lint/suspicious/noImportCycles'],
    ['a default export', 'packages/chunked/src/default.ts', 'lint/style/noDefaultExport'],
  ])('refuses %s', (_, file, rule) => {
    const found = lint.get(file) ?? []
    expect(found.filter(({ severity }) => severity === 'error').map(({ category }) => category)).toContain(rule)
  })
})

describe('TypeScript and pnpm', () => {
  const undeclared = upward.filter(({ floor, target }) => {
    const { dependencies, devDependencies } = readManifest(`packages/${floor}`)
    return !(SCOPE + target in { ...dependencies, ...devDependencies })
  })

  test.each(undeclared)('$floor does not even find $target', ({ floor, target }) => {
    expect(types.get(fileFor(floor, target))).toEqual([expect.stringContaining('TS2307')])
  })

  test.each(allowed)('$floor finds $target', ({ floor, target }) => {
    expect(types.get(fileFor(floor, target)) ?? []).toEqual([])
  })

  test('what is behind the front door does not resolve', () => {
    expect(types.get('packages/http-raw/src/deep.ts')).toEqual([expect.stringContaining('TS2307')])
  })

  test('pnpm refuses to install a cycle of packages', { timeout: 180_000 }, async () => {
    const folder = join(house, 'cycle')
    const workspace = 'pnpm-workspace.yaml'
    await plant('cycle/package.json', JSON.stringify({ private: true }))
    await cp(join(ROOT, workspace), join(folder, workspace))
    for (const [name, other] of [
      ['left', 'right'],
      ['right', 'left'],
    ])
      await plant(
        `cycle/packages/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', dependencies: { [other ?? '']: 'workspace:*' } }),
      )
    const pnpm = /^pnpm@[\d.]+/.exec(JSON.parse(await readRoot('package.json')).packageManager)?.[0]
    const [npm, ...npmArgs] = npmCommand()
    const args = ['exec', '--yes', '--prefer-offline', `--package=${pnpm}`, '--', 'pnpm', 'install', '--offline']
    const { code, stdout, stderr } = await run(npm, [...npmArgs, ...args], {
      cwd: folder,
      env: { CI: 'true' },
      timeout: 170_000,
    })
    expect(stdout + stderr).toContain('ERR_PNPM_DISALLOW_WORKSPACE_CYCLES')
    expect(code).not.toBe(0)
  })
})

function fileFor(floor: string, target: string): string {
  return `packages/${floor}/src/imports-${target}.ts`
}

function plantImport(path: string, specifier: string): Promise<void> {
  return plant(path, `import * as found from '${specifier}'\n\nexport const planted: unknown = found\n`)
}

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, path)), { recursive: true })
  await writeFile(join(house, path), text)
}

async function lintHouse(): Promise<void> {
  const biome = program('@biomejs/biome', 'biome')
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', 'packages']
  const { stdout, stderr } = await run(process.execPath, args, { cwd: house, timeout: 280_000 })
  const start = stdout.indexOf('{')
  if (start < 0) throw new Error(`biome said nothing that can be read: ${stdout}${stderr}`)
  const { diagnostics } = JSON.parse(stdout.slice(start))
  lint = new Map()
  for (const { location, category, severity, message, advices } of diagnostics) {
    const path = String(location?.path?.file ?? location?.path ?? '').replaceAll('\\', '/')
    const text = JSON.stringify([message, advices])
    lint.set(path, [...(lint.get(path) ?? []), { category, severity, text }])
  }
}

async function checkTypes(): Promise<void> {
  const options = {
    noEmit: true,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
  }
  const config = { extends: './tsconfig.base.json', compilerOptions: options, include: ['packages/*/src'] }
  await plant('tsconfig.json', JSON.stringify(config))
  const args = [program('typescript', 'tsc'), '--pretty', 'false', '-p', 'tsconfig.json']
  const { stdout } = await run(process.execPath, args, { cwd: house, timeout: 280_000 })
  types = new Map()
  for (const line of stdout.split('\n')) {
    const [, path, message] = /^(\S+?)\(\d+,\d+\): (error .*)$/.exec(line) ?? []
    if (path !== undefined && message !== undefined) types.set(path, [...(types.get(path) ?? []), message])
  }
}

function readRoot(file: string): Promise<string> {
  return readFile(join(ROOT, file), 'utf8')
}
