import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'

// A demo is 150 small files, and tsx is asked for each of them: 1.2 s of a processor (2.3 with the answer). The same program in a few
// large files takes 0.1 to 0.2 s, and to make those of all demos, with the answers and the stubs, 3 s: `npm run course verify` does.

/** What is used of esbuild here. Its types are not ours to import: it is the one that tsx runs on, so both read TypeScript alike. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>
}

interface Setup {
  onLoad(on: { readonly filter: RegExp }, load: (file: { readonly path: string }) => Promise<unknown>): void
  onResolve(on: { readonly filter: RegExp }, resolve: (asked: Asked) => Promise<unknown>): void
  resolve(path: string, options: unknown): Promise<{ readonly path: string; readonly errors: readonly unknown[] }>
}

interface Asked {
  readonly path: string
  readonly importer: string
  readonly resolveDir: string
  readonly kind: string
  readonly pluginData?: unknown
}

/**
 * Makes programs that Node runs as they are. What they share is made once, and stands in one file.
 *
 * @param files programs in TypeScript, whole paths
 * @param folder takes what is made; inside the repository
 * @param target whose code `#ex/…` is
 * @returns the program made of each file, in the order of the files
 * @throws Error when a file is no TypeScript, or imports what is not there
 */
export async function bundle(files: readonly string[], folder: string, target?: string): Promise<string[]> {
  if (files.length === 0) return []
  const { build } = createRequire(import.meta.resolve('tsx'))('esbuild') as Esbuild
  await build({
    entryPoints: files.map((file, nth) => ({ in: file, out: `${nth}` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@sse-from-scratch/source', ...(target === undefined ? [] : [target])],
    logLevel: 'silent',
    plugins: [{ name: 'ours', setup: ours }],
  })
  return files.map((_, nth) => join(folder, `${nth}.mjs`))
}

function ours(build: Setup): void {
  // Strangers stay what they are: many are CommonJS, and look for their own files.
  build.onResolve({ filter: /^[^./#]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
    if (kind === 'entry-point' || pluginData === ours || /^(node:|@sse-from-scratch\/)/.test(path)) return undefined
    const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: ours })
    if (found.errors.length > 0) return found
    return { path: isAbsolute(found.path) ? pathToFileURL(found.path).href : found.path, external: true }
  })
  // Files that stand beside a module are looked for where the module was.
  build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8')
    if (!text.includes('import.meta.')) return undefined
    const place = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
    const contents = Object.entries(place).reduce(
      (so, [name, value]) =>
        so.replaceAll(new RegExp(`\\bimport\\.meta\\.${name}\\b`, 'g'), () => JSON.stringify(value)),
      text,
    )
    return { contents, loader: 'ts' }
  })
}
