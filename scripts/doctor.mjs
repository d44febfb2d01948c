// npm run doctor: what this machine has and what is missing. Works before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPeer, installCommand, PEERS, peerVersion } from '../packages/testkit/src/peers.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const KEYS = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'LLM_BASE_URL', 'LLM_API_KEY', 'LLM_MODEL']
const PORT = 8080

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(`npm run doctor                        what this machine has: Node, pnpm, the programs that judge us, ports, keys
npm run -s doctor -- --missing        only the Debian packages of the programs that are absent, a line each

Nothing it lists as absent is needed for npm start or npm test; tests without their program are skipped by name.
It changes nothing, sends nothing, and never prints a key. The exit code is 1 only when Node is too old.`)
  process.exit(0)
}

if (process.argv.includes('--missing')) {
  for (const name of peerNames()) if (findPeer(name) === undefined) console.log(PEERS[name].debian)
  process.exit(0)
}

const nodeIsGood = checkNode()
checkPnpm()
checkInstall()
console.log('\nprograms that judge our work (all optional)')
for (const name of peerNames()) checkPeer(name)
console.log('\nports of 127.0.0.1')
line(`${PORT}`, (await isFree(PORT)) ? 'free' : 'in use: npm start takes the next free one, or the one of --port')
console.log('\nenvironment (all optional: without any of it the built-in simulator answers)')
for (const key of KEYS) line(key, process.env[key] ? 'set' : 'not set')
process.exitCode = nodeIsGood ? 0 : 1

/**
 * @param {string} name
 * @param {string} text
 */
function line(name, text) {
  console.log(`  ${name.padEnd(18)} ${text}`)
}

function peerNames() {
  return /** @type {(keyof typeof PEERS)[]} */ (Object.keys(PEERS))
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > 20 || (major === 20 && minor >= 19)
  console.log('this machine')
  line('Node', `${process.version}${good ? '' : '   TOO OLD: 20.19 or newer is needed, https://nodejs.org'}`)
  line('system', `${process.platform} ${process.arch}`)
  return good
}

function checkPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const pin = String(packageManager).split('+')[0]
  const { status, stdout } = spawnSync('pnpm', ['--version'], {
    cwd: dirname(root), // outside: inside, a pnpm may switch to the version pinned here
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  line('pnpm', status === 0 ? `${stdout.trim()} (setup uses ${pin})` : `none, and none is needed: setup uses ${pin}`)
}

function checkInstall() {
  const installed = existsSync(join(root, 'node_modules', '.setup-stamp'))
  line('dependencies', installed ? 'installed' : 'not yet: npm start and npm test install them')
}

/** @param {keyof typeof PEERS} name */
function checkPeer(name) {
  const path = findPeer(name)
  if (path === undefined) line(name, `absent: ${installCommand(name)}   (${PEERS[name].use})`)
  else line(name, `${peerVersion(name, path) || 'version unknown'}   ${path}`)
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
