// npm run test:pack: builds and packs every public package and uses the tarballs as a stranger would, outside the
// workspace: each package installed alone, each entry imported alone (import and require), typed with three TypeScripts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PORTABLE_ENTRIES } from './portable-entries.mjs'

/**
 * @typedef {object} PackedPackage
 * @property {string} name
 * @property {string} folder
 * @property {string} tarball
 * @property {string[]} entries what a user may write behind `from`
 * @property {string[]} dependencies
 */

const TOOLS = {
  publint: '0.3.25',
  '@arethetypeswrong/cli': '0.18.5',
  'typescript-5.9': 'npm:typescript@5.9.3',
  'typescript-6.0': 'npm:typescript@6.0.3',
  'typescript-7.0': 'npm:typescript@7.0.2',
  '@types/node': '20.19.43',
}

// Loaded before a portable entry: whatever it reaches, no module of Node's may be among it.
const NO_NODE = `
import { register } from 'node:module'
const hook = \`export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  if (found.url.startsWith('node:')) throw new Error('portable, but ' + context.parentURL + ' imports ' + specifier)
  return found
}\`
register('data:text/javascript,' + encodeURIComponent(hook))
`

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(`npm run test:pack            build, pack, lint, install, import and type-check every public package
npm run test:pack -- --keep  leave the temporary folder for a look`)
  process.exit(0)
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const onWindows = process.platform === 'win32'
const out = mkdtempSync(join(tmpdir(), 'pack-check-'))
process.on('exit', () => {
  if (process.argv.includes('--keep')) console.log(`kept: ${out}`)
  else rmSync(out, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const started = performance.now()
/** @type {string[]} */
const problems = []
const packages = readPackages()

// Nothing can follow when one of these fails.
const ready =
  stage('build', () => node(root, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.build.json'])) &&
  stage(`pack ${packages.length} packages`, pack) &&
  stage('fetch publint, attw, TypeScript 5.9, 6.0, 7.0', installTools)
if (ready) {
  stage('files in the tarballs', () => packages.forEach(checkFiles))
  for (const item of packages) stage(`${item.name}: publint, attw`, () => lintTarball(item))
  for (const item of packages)
    stage(`${item.name}: installed alone, each entry imported alone, each command run`, () => importAlone(item))
  for (const version of ['5.9', '6.0', '7.0'])
    stage(`types with TypeScript ${version}: nodenext, bundler, and no Node types`, () => checkTypes(version))
}

const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(`pack: ${packages.length} packages, ${problems.length} problems, ${seconds} s`)
process.exitCode = problems.length === 0 ? 0 : 1

/**
 * @param {string} title
 * @param {() => void} work
 * @returns {boolean} whether it went well
 */
function stage(title, work) {
  const from = performance.now()
  const before = problems.length
  work()
  const mark = problems.length === before ? 'ok    ' : 'FAILED'
  console.log(`${mark} ${title}   ${((performance.now() - from) / 1000).toFixed(1)} s`)
  for (const problem of problems.slice(before)) console.log(problem.replace(/^/gm, '       '))
  return problems.length === before
}

/** @returns {PackedPackage[]} */
function readPackages() {
  /** @type {PackedPackage[]} */
  const found = []
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name)
    if (!existsSync(join(folder, 'package.json'))) continue
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (manifest.private) continue
    const entries = Object.keys(manifest.exports)
      .filter((path) => path !== './package.json')
      .map((path) => manifest.name + path.slice(1))
    const tarball = join(out, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
    found.push({
      name: manifest.name,
      folder,
      tarball,
      entries,
      dependencies: Object.keys(manifest.dependencies ?? {}),
    })
  }
  return found
}

/** With pnpm, which turns "workspace:*" into versions; npm would leave it in. */
function pack() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pnpm = ['exec', '--yes', '--loglevel=error', `--package=${packageManager.split('+')[0]}`, '--', 'pnpm']
  const chosen = packages.map(({ name }) => `--filter=${name}`)
  npm(root, [...pnpm, '--recursive', ...chosen, 'pack', '--pack-destination', out])
  for (const { tarball, name } of packages)
    if (!existsSync(tarball)) problems.push(`${name}: pnpm pack did not write ${tarball}`)
}

/** @param {PackedPackage} item */
function checkFiles({ name, tarball }) {
  const { stdout } = execute('tar', ['-tzf', tarball], out)
  const files = stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
  for (const wanted of ['package.json', 'README.md', 'LICENSE'])
    if (!files.includes(wanted)) problems.push(`${name}: ${wanted} is not in the tarball`)
  const unwanted = files.filter((file) => /(^|\/)(test|bench|node_modules)\/|\.tsbuildinfo$|\.test\./.test(file))
  if (unwanted.length > 0) problems.push(`${name}: the tarball contains ${unwanted.join(', ')}`)
}

function installTools() {
  writeFileSync(join(out, 'package.json'), JSON.stringify({ private: true, type: 'module', devDependencies: TOOLS }))
  npm(out, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'])
}

/** @param {PackedPackage} item */
function lintTarball({ tarball }) {
  node(out, [join(out, 'node_modules/publint/src/cli.js'), tarball, '--strict'])
  const attw = join(out, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  node(out, [attw, tarball, '--profile', 'esm-only', '--quiet'])
}

/** @param {PackedPackage} item */
function importAlone(item) {
  const app = join(out, 'alone', item.name)
  install(app, [item])
  const guard = pathToFileURL(join(app, 'no-node.mjs')).href
  writeFileSync(join(app, 'no-node.mjs'), NO_NODE)
  for (const entry of item.entries) {
    const check = `if (Object.keys(entry).length === 0) throw new Error('exports nothing')`
    node(app, ['--input-type=module', '-e', `import * as entry from '${entry}'; ${check}`], `import '${entry}'`)
    node(app, ['--input-type=commonjs', '-e', `const entry = require('${entry}'); ${check}`], `require('${entry}')`)
    if (PORTABLE_ENTRIES.includes(entry))
      node(app, ['--import', guard, '--input-type=module', '-e', `import '${entry}'`], `'${entry}' without node:`)
  }
  // The manifest as it was packed: a command may be there only, because before the build it leads nowhere.
  const { bin = {} } = JSON.parse(readFileSync(join(app, 'node_modules', item.name, 'package.json'), 'utf8'))
  for (const command of Object.keys(bin)) npm(app, ['exec', '--offline', '--loglevel=error', '--', command, '--help'])
}

/**
 * A project that has these packages, what they depend on, and nothing else.
 * @param {string} app
 * @param {PackedPackage[]} wanted
 */
function install(app, wanted) {
  mkdirSync(app, { recursive: true })
  const byName = new Map(packages.map((item) => [item.name, `file:${item.tarball}`]))
  const dependencies = Object.fromEntries(wanted.map(({ name }) => [name, byName.get(name)]))
  const overrides = Object.fromEntries([...byName].filter(([name]) => !(name in dependencies)))
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }))
  npm(app, ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error'])
}

/** @param {string} version */
function checkTypes(version) {
  const app = join(out, 'typed')
  if (!existsSync(app)) install(app, packages)
  const tsc = join(out, `node_modules/typescript-${version}/bin/tsc`)
  const all = packages.flatMap(({ entries }) => entries)
  const lines = (/** @type {string[]} */ entries) =>
    entries.map((entry, i) => `export * as m${i} from '${entry}'\n`).join('')
  writeFileSync(join(app, 'all.mts'), lines(all))
  writeFileSync(join(app, 'all.cts'), lines(all))
  writeFileSync(join(app, 'portable.mts'), lines(PORTABLE_ENTRIES.filter((entry) => all.includes(entry))))
  const strict = { noEmit: true, strict: true, target: 'es2023' }
  const node20 = { ...strict, types: ['node'], typeRoots: [join(out, 'node_modules/@types')], lib: ['es2023'] }
  const bundler = { module: 'esnext', moduleResolution: 'bundler' }
  // Browser projects skip the check of declarations: these mention node:net where the floors below are named.
  const browser = { types: [], lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'], skipLibCheck: true }
  /** @type {[title: string, compilerOptions: object, files: string[]][]} */
  const projects = [
    ['nodenext', { ...node20, module: 'nodenext' }, ['all.mts', 'all.cts']],
    ['bundler', { ...node20, ...bundler }, ['all.mts']],
    ['portable entries without Node types', { ...strict, ...browser, ...bundler }, ['portable.mts']],
  ]
  for (const [title, compilerOptions, files] of projects) {
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    node(app, [tsc, '--pretty', 'false', '-p', 'tsconfig.json'], `tsc ${version}, ${title}`)
  }
}

/**
 * @param {string} cwd
 * @param {string[]} args
 * @param {string} [title]
 */
function node(cwd, args, title) {
  judge(title ?? `node ${args.join(' ')}`, execute(process.execPath, args, cwd))
}

/**
 * @param {string} cwd
 * @param {string[]} args
 */
function npm(cwd, args) {
  judge(`npm ${args.join(' ')}`, execute('npm', args, cwd, onWindows))
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {boolean} shell
 */
function execute(command, args, cwd, shell = false) {
  // Conditions from outside would make Node take the sources.
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined }
  return spawnSync(command, args, { cwd, env, shell, encoding: 'utf8', timeout: 120_000 })
}

/**
 * @param {string} title
 * @param {import('node:child_process').SpawnSyncReturns<string>} result
 */
function judge(title, { status, stdout, stderr, error }) {
  if (status === 0) return
  problems.push(`${title}\n${stdout ?? ''}${stderr ?? ''}${error ?? ''}`.trim())
}
