// Makes node_modules match the lockfile. Runs before `npm start` and `npm test`.
// Plain Node, no dependencies: it must run in a fresh clone. Does nothing (about 10 ms) when all is up to date.
// The docs site has 300 MB of tools of its own; they are left out unless asked for with --all.
//   node scripts/setup.mjs [--force] [--all]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const read = (p) => readFileSync(join(root, p), 'utf8')
const fail = (msg) => {
  console.error(`setup: ${msg}`)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}.`)

// "pnpm@10.34.9+sha512.…" -> "10.34.9"
const pin = /^pnpm@(\d+\.\d+\.\d+)/.exec(JSON.parse(read('package.json')).packageManager ?? '')?.[1]
if (!pin) fail('package.json has no "packageManager": "pnpm@x.y.z" field.')

const all = process.argv.includes('--all')
const force = process.argv.includes('--force')
const manifests = ['docs/package.json', 'package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.npmrc']
for (const group of ['packages', 'phases'])
  for (const d of existsSync(join(root, group)) ? readdirSync(join(root, group)).sort() : [])
    manifests.push(`${group}/${d}/package.json`)
const hash = createHash('sha256').update(`${pin} ${process.platform}-${process.arch}`)
for (const f of manifests) if (existsSync(join(root, f))) hash.update(`\0${f}\0${read(f)}`)
const want = hash.digest('hex')

const stampFile = join(root, 'node_modules/.setup-stamp')
// "<hash> all" also satisfies a plain setup
const upToDate = () => {
  const [have, scope] = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').split(' ') : []
  return have === want && (!all || scope === 'all')
}
if (upToDate() && !force) process.exit(0)

// Two commands started at once must not install at once. The lock holds a process id, so that a killed run leaves no trap.
const lock = join(root, '.cache/setup.pid')
const alive = (pid) => {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (e) {
    return e.code === 'EPERM'
  }
}
mkdirSync(dirname(lock), { recursive: true })
for (let waited = 0; ; waited++) {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' })
    break
  } catch {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
    if (!alive(holder)) rmSync(lock, { force: true })
    else if (waited === 0) console.error(`setup: process ${holder} is installing, waiting…`)
  }
}
process.on('exit', () => rmSync(lock, { force: true }))
if (upToDate() && !force) process.exit(0)

const win = process.platform === 'win32'
const env = { ...process.env, CI: 'true', COREPACK_ENABLE_STRICT: '0' }
const has = (cmd) => {
  const r = spawnSync(cmd, ['--version'], { cwd: root, env, encoding: 'utf8', shell: win })
  return r.status === 0 ? r.stdout.trim().split('\n').at(-1) : undefined
}
const install = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
if (!all) install.push('--filter=!@sse-from-scratch/docs')
const ways = []
if (has('pnpm') === pin) ways.push(['pnpm', install])
ways.push(['npm', ['exec', '--yes', `--package=pnpm@${pin}`, '--', 'pnpm', ...install]])

const t0 = Date.now()
for (const [cmd, args] of ways) {
  console.error(`setup: ${cmd} ${args.join(' ')}`)
  const r = spawnSync(cmd, args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: win })
  if (r.status === 0) {
    writeFileSync(stampFile, `${want} ${all ? 'all' : 'code'}`)
    console.error(`setup: done in ${((Date.now() - t0) / 1000).toFixed(1)} s`)
    process.exit(0)
  }
}
fail(
  `the install failed. It needs the npm registry once (see: npm config get registry).\n` +
    `       By hand: npx pnpm@${pin} install --frozen-lockfile`,
)
