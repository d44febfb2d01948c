// npm test [-- vitest args…]: types (of the code, the packages as they are built, the page), lint, what the exercises of the course
// promise, every test, with progress.
// All of it always runs: a type error is no reason to keep the test results back, and the last lines name what failed.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

const args = process.argv.slice(2)
const TSX = ['--conditions=@sse-from-scratch/source', '--import', 'tsx']
if (args.includes('--help') || args.includes('-h')) {
  console.log(`npm test                          types, lint, the promises of the course's exercises, and every test
npm test -- --project chunked     types, lint, and the tests of one package
npm test -- --watch               stay and run again what changes
npm test -- -t "a cut stream"     only tests with this in their name
REQUIRE_PEERS=all npm test        an absent nginx, Chromium, … is a failure, not a skip

More arguments: npx vitest --help`)
  process.exit(0)
}

const failed = [
  stage('types', program('typescript', 'tsc'), ['-p', 'tsconfig.check.json', '--pretty', 'false']),
  stage('build', program('typescript', 'tsc'), ['-b', 'tsconfig.build.json', '--pretty', 'false']), // what others will get
  stage('page', program('typescript', 'tsc'), ['-p', 'packages/playground/page/tsconfig.json', '--pretty', 'false']),
  stage('x-ray page', program('typescript', 'tsc'), [
    '-p',
    'packages/wire-xray/page/tsconfig.json',
    '--pretty',
    'false',
  ]),
  stage('lint', program('@biomejs/biome', 'biome'), ['check', '--colors=off', '--max-diagnostics=50', '.']),
  ...(args.length === 0 ? [stage('course', 'scripts/course/main.ts', ['verify'], TSX)] : []), // never a learner's own files
].filter((name) => name !== undefined)

const watch = args.includes('--watch') || args.includes('-w')
const vitest = spawnSync(process.execPath, [program('vitest', 'vitest'), ...(watch ? [] : ['run']), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, STAGES_FAILED: failed.join(', ') },
})
process.exit(vitest.status === 0 && failed.length > 0 ? 1 : (vitest.status ?? 1))

/**
 * Quiet when good; the tool's own words when not.
 * @param {string} name
 * @param {string} script
 * @param {string[]} stageArgs
 * @param {string[]} [nodeArgs]
 * @returns {string | undefined} the name, if it failed
 */
function stage(name, script, stageArgs, nodeArgs = []) {
  const from = performance.now()
  const result = spawnSync(process.execPath, [...nodeArgs, script, ...stageArgs], { cwd: root, encoding: 'utf8' })
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  console.log(`${name.padEnd(6)} ${result.status === 0 ? 'ok' : 'FAILED'}   ${seconds} s`)
  if (result.status === 0) return undefined
  console.log(`${result.stdout}${result.stderr}`.trimEnd())
  return name
}

/**
 * The file behind a command of a package, started with this very Node: no shell, no PATH, the same on every system.
 * @param {string} name
 * @param {string} bin
 * @returns {string}
 */
function program(name, bin) {
  const manifest = require.resolve(`${name}/package.json`)
  const { bin: bins } = require(manifest)
  return join(dirname(manifest), typeof bins === 'string' ? bins : bins[bin])
}
