import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, type StartedProcess, start, type ToolName } from '../packages/testkit/src/index.ts'
import { PEERS } from '../packages/testkit/src/peers.mjs'
import { readGiven } from '../scripts/course/command-line.ts'
import { COMMANDS } from '../scripts/course/commands.ts'
import { exercisesNamed, openDesk } from '../scripts/course/desk.ts'
import { findExperiments } from '../scripts/course/experiments.ts'
import { npmCommand, publicPackages, ROOT, readManifest, SCOPE } from './tree.ts'

/** How a command that a page shows is run by the tests. */
export interface KnownCommand {
  readonly pattern: RegExp
  /** Programs it needs; without them it is a named skip. */
  readonly needs?: readonly ToolName[]
  /** Throws when the command does not do what its reader expects. */
  readonly check: (match: RegExpExecArray) => Promise<void> | void
}

/** A command of the documentation that is not here fails the test: nobody would run it. */
export const KNOWN_COMMANDS: readonly KnownCommand[] = [
  // This run is the proof.
  { pattern: /^(?:REQUIRE_PEERS=all )?npm test(?: -- --project (\S+))?$/, check: ([, name]) => existingProject(name) },
  { pattern: /^npm test -- -t "[^"]+"$/, check: () => {} },
  { pattern: /^npx vitest run --project (\S+)$/, check: ([, name]) => existingProject(name) },
  { pattern: /^npm run (check:types|lint|check:unused)$/, check: ([, name = '']) => existingScript(name) },

  // Done by the reader's hands, or changing the checkout: only what it names is looked at.
  { pattern: /^git clone \S+$|^git (?:add|commit) .+$|^cd [\w-]+$/, check: () => {} },
  {
    pattern: /^npm run (specimens|docs:states|docs:posters|docs:llm|docs:quotes|docs:labs)(?: -- --(?:write|check))?$/,
    check: ([, name = '']) => script(name, ['--help']),
  },
  { pattern: /^npm run (setup|lint:fix|build|clean)$/, check: ([, name = '']) => existingScript(name) },
  { pattern: /^npm install (\S+)$/, check: ([, name = '']) => installable(name) },
  { pattern: /^npx pnpm@([\d.]+) install$/, check: ([, version = '']) => pinned(version) },
  { pattern: /^(?:sudo )?apt-get install (.+)$/, check: ([, names = '']) => debianPackages(names) },

  // Too slow for every run (CI has them as stages of their own): their help is read.
  {
    pattern: /^npm run (test:pack|test:matrix)(?: -- .+)?$/,
    check: ([, name = '']) => script(name, ['--help']),
  },
  { pattern: /^(?:\w+_\w+=\S+ )*npm run (test:live)$/, check: ([, name = '']) => existingScript(name) },
  { pattern: /^npm run compare(?: -- .+)?$/, check: () => script('compare', ['--help']) },
  {
    pattern: /^npm run (bench:\w+)$/,
    check: ([, name = '']) => benchmarkHasHelp(name),
  },
  {
    pattern: /^npm run (soak(?::xray)?)(?: -- .+)?$/,
    check: ([, name = '']) => script(name, ['--help']),
  },
  { pattern: /^npm run mutate(?: -- .+)?$/, check: () => script('mutate', ['--help']) },
  { pattern: /^npm run fuzz(?: -- .+)?$/, check: () => script('fuzz', ['--seconds', '1']) },
  {
    pattern: /^npm run test:phase (\d+)$/,
    check: ([, n = '']) => script('test:phase', [n, '--list']),
  },

  // A learner's own files are theirs: what is named must exist. `course verify` runs the demos with the answers.
  {
    pattern: /^npm run course(?: -- ([a-z]+.*)| ([a-z]+.*))?$/,
    check: ([, dashed, plain]) => courseKnows(dashed ?? plain),
  },

  // Run as they are.
  { pattern: /^npm run doctor$/, check: () => script('doctor', []) },
  {
    pattern: /^npm (start|test|run chat|run test:phase) -- --help$/,
    check: ([, name = '']) => npm([...name.split(' '), '--', '--help']),
  },
  {
    pattern: /^npm run chat -- compare "([^"]+)"$/,
    check: ([, prompt = '']) => script('chat', ['compare', '--tokens-per-second', '0', prompt]),
  },
  {
    pattern: /^npm run chat -- (?:--record|replay) ([\w.]+)(?: "[^"]+")?$/,
    check: ([, file = '']) => recordedAndReplayed(file),
  },
  // It stays until Ctrl-C, and asks whom it is told to: its tests have started it.
  { pattern: /^npm run xray -- .+$/, check: () => script('xray', ['--help']) },
  { pattern: /^npm run chat -- simulate --fault (\S+)$/, check: ([, faults = '']) => simulatorStartsAndStops(faults) },
  { pattern: /^npm run chat -- "([^"]+)"$/, check: ([, prompt = '']) => script('chat', [prompt]) },
  { pattern: /^npm start$/, check: playgroundStartsAndStops },
  {
    pattern: /^curl (.*)"http:\/\/127\.0\.0\.1:8080(\/[^"]*)"$/,
    needs: ['curl'],
    check: ([, options = '', path = '']) => curlThePlayground(options, path),
  },
  {
    pattern: /^npx tsx --conditions=@sse-from-scratch\/source (phases\/0-network\/demos\/udp-or-tcp\.ts)$/,
    check: ([, file = '']) => node([...TSX, file]),
  },
  {
    // Servers that stay until Ctrl-C, and clients that need one: their tests have started them.
    pattern: /^npx tsx --conditions=@sse-from-scratch\/source ((?:examples|packages|phases)\/\S+\.ts)(?: .+)?$/,
    check: ([, file = '']) => programHasHelp(file),
  },
]

const [NPM, ...NPM_ARGS] = npmCommand()
// What a reader's terminal would not have, and keys that would make a test talk to a real model.
const env = {
  NODE_OPTIONS: undefined,
  VITEST: undefined,
  OPENAI_API_KEY: undefined,
  ANTHROPIC_API_KEY: undefined,
  GEMINI_API_KEY: undefined,
  LLM_PROVIDER: undefined,
  LLM_BASE_URL: undefined,
}

/** Exit codes that are good. */
type Codes = readonly (number | null)[]

async function succeeds(command: string, args: readonly string[], codes: Codes = [0]): Promise<void> {
  const { code, stdout, stderr } = await run(command, args, { cwd: ROOT, env, timeout: 280_000 })
  if (!codes.includes(code)) throw new Error(`exit code ${code}\n${stdout}${stderr}`)
  if (stdout.trim() === '') throw new Error('it printed nothing')
}

const npm = (args: readonly string[]): Promise<void> => succeeds(NPM, [...NPM_ARGS, ...args])
const node = (args: readonly string[], codes?: Codes): Promise<void> => succeeds(process.execPath, args, codes)
const TSX = ['--import', import.meta.resolve('tsx'), '--conditions=@sse-from-scratch/source']

/**
 * Runs a script of package.json as `npm run` does, without npm, its shell and the setup before it: 0.7 s of a processor instead of
 * 1.4 for `npm run chat -- --help`. `npm start` and the lines that ask for help go through npm.
 */
function script(name: string, args: readonly string[], codes?: Codes): Promise<void> {
  return node([...commandOf(name), ...args], codes)
}

/** What Node is told by a script of package.json: `tsx a.ts` is `node --import tsx a.ts`. */
function commandOf(name: string): string[] {
  const [program, ...args] = readManifest('').scripts?.[name]?.split(' ') ?? []
  if (program === 'tsx') return ['--import', import.meta.resolve('tsx'), ...args]
  if (program === 'node') return args
  throw new Error(`package.json runs ${name} by ${program}: this test knows node and tsx`)
}

let firstBenchmark: Promise<void> | undefined

/** The first one builds them all; the others wait, for two builds at once write the same files. */
async function benchmarkHasHelp(name: string): Promise<void> {
  firstBenchmark ??= script(name, ['--help'])
  await firstBenchmark
  await script(name, ['--help'])
}

/** Starts it as a reader does, but lets it look for a free port when the usual one is taken. */
function startPlayground(): Promise<StartedProcess> {
  return start(NPM, [...NPM_ARGS, 'start'], {
    cwd: ROOT,
    env,
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
    readyTimeout: 170_000,
  })
}

async function playgroundStartsAndStops(): Promise<void> {
  await using playground = await startPlayground()
  const page = await fetch(playground.match[1] ?? '', { signal: AbortSignal.timeout(60_000) })
  if (page.status !== 200 || !/text\/html/.test(page.headers.get('content-type') ?? ''))
    throw new Error(`the page answers ${page.status} ${page.headers.get('content-type')}`)
  await page.text()
  const { code, killedBy, stdout, stderr } = await playground.stop('SIGINT')
  // npm runs it through a shell, and some shells report the Ctrl-C instead of the program's own 0.
  const good = code === 0 || code === 130 || killedBy === 'SIGINT' || process.platform === 'win32'
  if (!good || stderr.includes('npm error')) throw new Error(`Ctrl-C ends it with code ${code}\n${stdout}${stderr}`)
}

async function curlThePlayground(options: string, path: string): Promise<void> {
  await using playground = await startPlayground()
  const args = [
    '-sS',
    '--max-time',
    '120',
    ...options.split(' ').filter((option) => option !== ''),
    `${playground.match[1]}${path}`,
  ]
  const { code, stdout, stderr } = await run('curl', args, { timeout: 130_000 })
  if (code !== 0) throw new Error(`curl ends with ${code}: ${stderr}`)
  if (!/^data:/m.test(stdout)) throw new Error(`no event in what curl shows:\n${stdout.slice(0, 500)}`)
}

async function programHasHelp(file: string): Promise<void> {
  if (!existsSync(join(ROOT, file))) throw new Error(`${file} does not exist`)
  await node([...TSX, file, '--help'])
}

/** Where a reader's checkout stays as it was. */
async function recordedAndReplayed(file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'recorded-'))
  const path = join(folder, file)
  try {
    await script('chat', ['--record', path, '--max-tokens', '5', '--json', 'Hi'], [0, 4])
    await script('chat', ['replay', '--speed', '0', path], [0, 4])
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function simulatorStartsAndStops(faults: string): Promise<void> {
  const args = [...commandOf('chat'), 'simulate', '--port', '0', '--fault', faults]
  const ready = /listens at http:/
  await using simulator = await start(process.execPath, args, { cwd: ROOT, env, ready, readyTimeout: 170_000 })
  const { code, killedBy, stderr } = await simulator.stop('SIGINT')
  const good = code === 0 || code === 130 || killedBy === 'SIGINT' || process.platform === 'win32'
  if (!good) throw new Error(`Ctrl-C ends it with code ${code}\n${stderr}`)
}

/** The command exists, and so does what it is about: `run 1.2`, `check all`, `help hint`. */
async function courseKnows(line = 'watch'): Promise<void> {
  const [name, ...args] = line
    .replace(/^help(?= )/, '')
    .trim()
    .split(' ')
  const command = COMMANDS.find((known) => known.name === name)
  if (command === undefined) throw new Error(`there is no npm run course ${name}`)
  const { words } = readGiven(command, args, {})
  if (name === 'lab' && (await findExperiments()).some(({ id }) => id === words[0])) return
  if (ABOUT_EXERCISES.test(command.usage)) exercisesNamed(openDesk(), words)
}

const ABOUT_EXERCISES = /\bid\b/

function existingProject(name: string | undefined): void {
  const known =
    name === undefined || ['house', 'docs', 'examples'].includes(name) || existsSync(join(ROOT, 'packages', name))
  if (!known) throw new Error(`there is no vitest project ${name}`)
}

function existingScript(name: string): void {
  if (readManifest('').scripts?.[name] === undefined) throw new Error(`package.json has no script ${name}`)
}

function installable(name: string): void {
  if (name !== SCOPE && !publicPackages().some(({ manifest }) => manifest.name === name))
    throw new Error(`${name} is no public package`)
}

function pinned(version: string): void {
  const { packageManager } = readManifest('') as unknown as { readonly packageManager: string }
  if (!packageManager.startsWith(`pnpm@${version}+`)) throw new Error(`package.json pins ${packageManager}`)
}

function debianPackages(names: string): void {
  const known = Object.values(PEERS).map(({ debian }) => debian as string)
  const unknown = names.split(' ').filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`testkit does not know ${unknown.join(', ')}`)
}
