// Makes node_modules match the lockfile. Runs by itself before `npm start` and `npm test`; up to date, it takes 0.1 s.
//   node scripts/setup.mjs [--force]
// Plain JavaScript without dependencies, in the syntax of Node 14: it must run in a fresh clone, and an old Node
// must get far enough to read that it is too old.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.setup-stamp')
const lockFile = join(root, '.cache', 'setup.pid')
const force = process.argv.includes('--force')

main()

function main() {
  checkNode()
  const pnpm = pinnedPnpm()
  const want = fingerprint(pnpm)
  if (!force && isUpToDate(want)) return
  takeLock()
  // Whoever held the lock may have installed meanwhile.
  if (!force && isUpToDate(want)) return
  install(pnpm)
  writeFileSync(stampFile, want)
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    stop(`Node 20.19 or newer is needed, and this is ${process.version}. Get one from https://nodejs.org`)
}

/**
 * "pnpm@10.34.9+sha512.…" in package.json -> "10.34.9"
 * @returns {string}
 */
function pinnedPnpm() {
  const { packageManager = '' } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pin = /^pnpm@(\d+\.\d+\.\d+)/.exec(packageManager)
  return pin?.[1] ?? stop('package.json has no "packageManager": "pnpm@x.y.z".')
}

/**
 * Changes when an install could have another result.
 * @param {string} pnpm
 * @returns {string}
 */
function fingerprint(pnpm) {
  const alone = ['scripts/bench', 'examples'].map((folder) => `${folder}/package.json`)
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...alone]
  for (const group of ['packages', 'phases'])
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)).sort() : [])
      files.push(`${group}/${name}/package.json`)
  const hash = createHash('sha256').update(`${pnpm} ${process.platform} ${process.arch}`)
  for (const file of files)
    if (existsSync(join(root, file))) hash.update(`\0${file}\0${readFileSync(join(root, file), 'utf8')}`)
  return hash.digest('hex')
}

/**
 * @param {string} want
 * @returns {boolean}
 */
function isUpToDate(want) {
  if (!existsSync(stampFile)) return false
  return readFileSync(stampFile, 'utf8') === want
}

/** Two commands started at once must not install at once. The file holds a process id, so that a killed run leaves no trap. */
function takeLock() {
  mkdirSync(dirname(lockFile), { recursive: true })
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(lockFile, `${process.pid}`, { flag: 'wx' })
      process.on('exit', () => rmSync(lockFile, { force: true }))
      return
    } catch (error) {
      if (!isCode(error, 'EEXIST')) stop(`cannot write ${lockFile}: ${error}`)
    }
    if (isLeftOver()) rmSync(lockFile, { force: true })
    else if (waited === 0) console.error('setup: another setup is installing, waiting for it…')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
  }
}

/** @returns {boolean} */
function isLeftOver() {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'))
    // Just created and still empty: its owner is about to write its number.
    if (!holder) return Date.now() - statSync(lockFile).mtimeMs > 5000
    process.kill(holder, 0)
    return false
  } catch (error) {
    return isCode(error, 'ESRCH')
  }
}

/**
 * @param {string} pnpm
 * @returns {void}
 */
function install(pnpm) {
  const onWindows = process.platform === 'win32'
  const env = { ...process.env, CI: 'true', COREPACK_ENABLE_STRICT: '0' }
  const args = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
  const command = ['npm', 'exec', '--yes', '--loglevel=error', `--package=pnpm@${pnpm}`, '--', 'pnpm', ...args]
  console.error(`setup: installing with pnpm ${pnpm} (the first time takes up to a minute)`)
  const from = Date.now()
  // Its words are kept back: only a failed install is worth reading about.
  const [file = '', ...rest] = command
  const result = spawnSync(file, rest, { cwd: root, env, encoding: 'utf8', shell: onWindows, maxBuffer: 1 << 26 })
  if (result.status !== 0) explain(`${result.stdout || ''}${result.stderr || ''}${result.error || ''}`, pnpm)
  console.error(`setup: done in ${((Date.now() - from) / 1000).toFixed(1)} s`)
}

/**
 * @param {string} output
 * @param {string} pnpm
 * @returns {never}
 */
function explain(output, pnpm) {
  const again = `npx pnpm@${pnpm} install`
  if (/ENOENT/.test(output) && /spawn\w* npm/.test(output)) return stop('npm is not on the PATH; it comes with Node.')
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output))
    return stop(`pnpm-lock.yaml does not fit the package.json files. Run: ${again}, and commit pnpm-lock.yaml`)
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/.test(output))
    return stop('the npm registry cannot be reached. It is needed once; see: npm config get registry')
  if (/ENOSPC/.test(output)) return stop('the disk is full; about 300 MB are needed.')
  console.error(output.trim())
  return stop(`the install failed, see above. By hand: ${again} --frozen-lockfile`)
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {boolean}
 */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  console.error(`setup: ${sentence}`)
  process.exit(1)
}
