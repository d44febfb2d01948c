import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../', import.meta.url))
export const SCOPE = '@sse-from-scratch/'

/** What a package.json says, as far as the tests of the house look at it. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly description?: string
  readonly type?: string
  readonly sideEffects?: boolean
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** Relative to the root, for example "packages/chunked". */
  readonly folder: string
  /** Without the scope, for example "chunked". */
  readonly shortName: string
  readonly manifest: Manifest
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
}

/** Every package of the workspace. */
export function workspacePackages(): Package[] {
  return ['packages', 'phases']
    .flatMap((group) => readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`))
    .concat('examples')
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .map((folder) => {
      const manifest = readManifest(folder)
      return { folder, shortName: manifest.name.replace(SCOPE, ''), manifest }
    })
}

/** The packages people install. */
export function publicPackages(): Package[] {
  return workspacePackages().filter(({ manifest }) => !manifest.private)
}

/** Files below a folder of the root, relative to the root, without what is generated or installed. */
export function filesBelow(folder: string, extension: string): string[] {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return filesBelow(path, extension)
    return entry.name.endsWith(extension) ? [path] : []
  })
}

/** The file behind a command of an installed package, to be started with this very Node. */
export function program(name: string, bin: string): string {
  const folder = join(ROOT, 'node_modules', name)
  const { bin: bins } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bins === 'string' ? bins : bins[bin])
}

/** How to start npm without a shell, on every system: the command and its first arguments. */
export function npmCommand(): readonly [command: string, ...first: string[]] {
  const { npm_execpath: running = '' } = process.env
  if (running.endsWith('npm-cli.js')) return [process.execPath, running]
  if (process.platform !== 'win32') return ['npm']
  return [process.execPath, join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')]
}
