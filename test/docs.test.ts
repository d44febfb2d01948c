import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWith, run } from '../packages/testkit/src/index.ts'
import { bundle } from '../scripts/course/bundle.ts'
import { KNOWN_COMMANDS } from './docs-commands.ts'
import { commandsIn, type Document, documents, type Fence } from './markdown.ts'
import { program, publicPackages, ROOT, workspacePackages } from './tree.ts'

// What the pages say is true: examples run, commands are run by somebody, links lead somewhere.

const pages = documents()
const examples = pages.flatMap(({ fences }) => fences.filter((fence) => fence.language === 'ts' && runsAlone(fence)))
const scratch = `docs-${process.pid}`

describe('every ts example', () => {
  const folders = new Set(examples.map((example) => folderFor(example)))
  let typeErrors = new Map<string, string[]>()
  let programs = new Map<Fence, string>()

  beforeAll(async () => {
    for (const folder of folders) mkdirSync(folder, { recursive: true })
    for (const example of examples) writeFileSync(fileFor(example), `${example.code}\n`)
    linkPackages(join(ROOT, '.cache', scratch))
    typeErrors = await checkTypes(examples.map(fileFor))
    const made = await bundle(examples.map(fileFor), join(ROOT, '.cache', scratch, 'programs'))
    programs = new Map(examples.map((example, nth) => [example, made[nth] ?? '']))
  }, 180_000)

  afterAll(() => {
    for (const folder of [...folders, join(ROOT, '.cache', scratch)]) rmSync(folder, { recursive: true, force: true })
  })

  test.concurrent.for(examples.map((example) => ({ name: `${example.file}:${example.line}`, example })))(
    '$name type-checks, runs to its end and prints something',
    { timeout: 180_000 },
    async ({ example }) => {
      const file = fileFor(example)
      expect(typeErrors.get(file) ?? []).toEqual([])
      const { code, stdout, stderr } = await run(process.execPath, [programs.get(example) ?? ''], {
        cwd: dirname(file),
        env: { NODE_OPTIONS: undefined, VITEST: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' },
        timeout: 170_000,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
      expect(stdout.trim(), 'it printed nothing').not.toBe('')
      if (example.output !== undefined) expect(stdout.trimEnd()).toMatch(outputPattern(example.output))
    },
  )
})

// Together: they wait more than they work.
describe.concurrent('every command', () => {
  const shown = new Map<string, string[]>()
  for (const fence of pages.flatMap(({ fences }) => fences))
    if (['sh', 'console', 'bash', 'shell'].includes(fence.language))
      for (const command of commandsIn(fence))
        shown.set(command, [...(shown.get(command) ?? []), `${fence.file}:${fence.line}`])

  for (const [command, places] of shown) {
    const known = KNOWN_COMMANDS.find(({ pattern }) => pattern.test(command))
    const match = known?.pattern.exec(command)
    const title = `${command}   (${places.join(', ')})`
    if (known === undefined || match === null || match === undefined)
      test(title, () => expect.unreachable(`nobody runs this command: add it to test/docs-commands.ts`))
    else
      describeWith(known.needs ?? [], title, () => {
        test('does what its reader expects', { timeout: 300_000 }, async () => {
          await known.check(match)
        })
      })
  }

  test('is in a fence marked sh or console', () => {
    const others = pages
      .flatMap(({ fences }) => fences)
      .filter(({ language }) => ['bash', 'shell', 'zsh'].includes(language))
    expect(others.map(({ file, line }) => `${file}:${line}`)).toEqual([])
  })
})

describe('every line of code inside a sentence', () => {
  test('that runs a script of ours names one that exists', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    for (const { file, words } of inlineCode(/`npm run ([\w:-]+)/g)) {
      expect(Object.keys(scripts), `${file}: npm run ${words[0]}`).toContain(words[0])
    }
  })

  test('that imports from a package gets what it asks for', async () => {
    const imports = inlineCode(/`import \{ ([^}]+) \} from '(@sse-from-scratch\/[^']+)'`/g)
    expect(imports.length).toBeGreaterThanOrEqual(publicPackages().length)
    const folder = join(ROOT, '.cache', `${scratch}-imports`)
    linkPackages(folder)
    const script = join(folder, 'imports.mjs')
    const checks = imports.map(({ file, words: [names = '', from = ''] }) => {
      return `check(${JSON.stringify(file)}, await import(${JSON.stringify(from)}), ${JSON.stringify(names.split(', '))})`
    })
    writeFileSync(script, `${CHECK}\n${checks.join('\n')}\n`)
    const args = ['--conditions=@sse-from-scratch/source', '--import', import.meta.resolve('tsx'), script]
    const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env: { NODE_OPTIONS: undefined } })
    rmSync(folder, { recursive: true, force: true })
    expect({ stdout, stderr }).toEqual({ stdout: `${imports.length} imports\n`, stderr: '' })
  })
})

describe('every link', () => {
  test.each(pages)('of $file leads somewhere', (page) => {
    expect(page.links.map((link) => problemWith(page, link.target)).filter((problem) => problem !== undefined)).toEqual(
      [],
    )
  })

  test('to a page of a package is there: the root README names every public package', () => {
    const readme = pages.find(({ file }) => file === 'README.md')
    const targets = readme?.links.map(({ target }) => normalize(target).split(sep).join('/')) ?? []
    for (const { folder } of publicPackages())
      expect(
        targets.some((target) => target.startsWith(folder)),
        folder,
      ).toBe(true)
  })
})

/** Not a quote (`quotes.test.ts` has those), and no code that its reader is to complete. */
function runsAlone(fence: Fence): boolean {
  return fence.source === undefined && !hasHoles(fence)
}

/** Code of the course that its reader is to complete: all of the hints, and what has an ellipsis in a brief. */
function hasHoles({ file, code }: Fence): boolean {
  return file.startsWith('phases/') && (file.endsWith('/hints.md') || code.includes('…'))
}

/** What stands between backticks in a sentence or a table, wherever it looks like `pattern`. */
function inlineCode(pattern: RegExp): { file: string; words: string[] }[] {
  return pages.flatMap(({ file }) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return [...text.matchAll(pattern)].map(([, ...words]) => ({ file, words }))
  })
}

const CHECK = `let count = 0
process.on('exit', () => console.log(count + ' imports'))
function check(file, module, names) {
  count++
  for (const name of names) if (!(name in module)) console.error(file + ': there is no ' + name)
}`

/** Inside the package whose page it is, so that the names resolve as they do for the package itself. */
function folderFor({ file }: Fence): string {
  const owner = workspacePackages().find(({ folder }) => file.startsWith(`${folder}/`))
  return join(ROOT, owner?.folder ?? '', '.cache', scratch)
}

function fileFor(example: Fence): string {
  const page = example.file.replaceAll('/', '-').replace('.md', '')
  return join(folderFor(example), `${page}-${example.line}.ts`)
}

/** Pages that belong to no package see all public ones, as a project that has installed them. */
function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@sse-from-scratch'), { recursive: true })
  for (const { folder: target, shortName } of publicPackages())
    symlinkSync(join(ROOT, target), join(folder, 'node_modules/@sse-from-scratch', shortName), 'junction')
}

async function checkTypes(files: readonly string[]): Promise<Map<string, string[]>> {
  const config = join(ROOT, '.cache', scratch, 'tsconfig.json')
  const relativeFiles = files.map((file) => relative(dirname(config), file))
  writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.check.json', include: [], files: relativeFiles }))
  const args = [program('typescript', 'tsc'), '--pretty', 'false', '-p', config]
  const { stdout } = await run(process.execPath, args, { cwd: ROOT, timeout: 170_000 })
  const errors = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    const [, path, place, message] = /^(\S.*?)\((\d+),\d+\): error (.*)$/.exec(line) ?? []
    if (path === undefined) continue
    const file = join(ROOT, path)
    errors.set(file, [...(errors.get(file) ?? []), `line ${place} of the example: ${message}`])
  }
  return errors
}

/** A line "…" stands for any lines, "…" in a line for any text. */
function outputPattern(output: string): RegExp {
  const escaped = output
    .trimEnd()
    .split('…')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('[^]*?')}$`)
}

function problemWith(page: Document, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined
  const [path = '', anchor] = target.split('#')
  const file =
    path === ''
      ? page.file
      : normalize(join(dirname(page.file), path))
          .split(sep)
          .join('/')
  const found = resolvePage(file)
  if (found === undefined) return `${target}: there is no ${file}`
  if (anchor === undefined || !found.endsWith('.md')) return undefined
  const other = pages.find((candidate) => candidate.file === found)
  return other?.anchors.has(decodeURIComponent(anchor))
    ? undefined
    : `${target}: ${found} has no heading for #${anchor}`
}

function resolvePage(file: string): string | undefined {
  const path = join(ROOT, file)
  if (!existsSync(path)) return undefined
  return statSync(path).isDirectory() ? file : join(dirname(file), basename(file)).split(sep).join('/')
}
