// @ts-check
// Plain JavaScript, because `npm run doctor` uses it before anything is installed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/**
 * A program from outside npm that judges our work.
 * @typedef {object} Peer
 * @property {readonly string[]} bins program names or absolute paths; the first one found wins
 * @property {readonly string[]} versionArgs what makes it print its version
 * @property {string} debian package name for apt-get
 * @property {string} [brew] package name for Homebrew
 * @property {string} use what the tests want it for
 */

/** @satisfies {Record<string, Peer>} */
export const PEERS = {
  curl: {
    bins: ['curl'],
    versionArgs: ['--version'],
    debian: 'curl',
    brew: 'curl',
    use: 'a client we did not write',
  },
  nginx: {
    bins: ['nginx'],
    versionArgs: ['-v'],
    debian: 'nginx-light',
    brew: 'nginx',
    use: 'the proxy between us and the browser',
  },
  haproxy: {
    bins: ['haproxy'],
    versionArgs: ['-v'],
    debian: 'haproxy',
    brew: 'haproxy',
    use: 'what its imitation is compared with',
  },
  varnish: {
    bins: ['varnishd'],
    versionArgs: ['-V'],
    debian: 'varnish',
    brew: 'varnish',
    use: 'what its imitation is compared with',
  },
  caddy: {
    bins: ['caddy'],
    versionArgs: ['version'],
    debian: 'caddy',
    brew: 'caddy',
    use: 'what its imitation is compared with',
  },
  apache: {
    bins: ['apache2', 'httpd'],
    versionArgs: ['-v'],
    debian: 'apache2-bin',
    brew: 'httpd',
    use: 'a hop in the labs of the course',
  },
  squid: {
    bins: ['squid'],
    versionArgs: ['-v'],
    debian: 'squid',
    brew: 'squid',
    use: 'a hop that the x-ray has to tell from others',
  },
  chromium: {
    bins: [
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    versionArgs: ['--version'],
    debian: 'chromium',
    brew: '--cask chromium',
    use: 'a real browser',
  },
  tmux: {
    bins: ['tmux'],
    versionArgs: ['-V'],
    debian: 'tmux',
    brew: 'tmux',
    use: 'a terminal for the terminal views',
  },
  redis: {
    bins: ['redis-server'],
    versionArgs: ['--version'],
    debian: 'redis-server',
    brew: 'redis',
    use: 'fan-out over several processes',
  },
  tcpdump: {
    bins: ['tcpdump'],
    versionArgs: ['--version'],
    debian: 'tcpdump',
    brew: 'tcpdump',
    use: 'what really went over the wire',
  },
  tshark: {
    bins: ['tshark'],
    versionArgs: ['--version'],
    debian: 'tshark',
    brew: 'wireshark',
    use: 'a second opinion on our captures',
  },
  wrk: {
    bins: ['wrk'],
    versionArgs: ['-v'],
    debian: 'wrk',
    brew: 'wrk',
    use: 'load for the benchmarks',
  },
}

/** @typedef {keyof typeof PEERS} PeerName */

/** nginx and tcpdump live in sbin, which is not on the PATH of an ordinary user. */
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin']

/**
 * Where the program is, or undefined. PEER_NGINX=/path/to/nginx overrides the search, PEER_NGINX=none hides it.
 * @param {PeerName} name
 * @returns {string | undefined}
 */
export function findPeer(name) {
  const override = process.env[`PEER_${name.toUpperCase()}`]
  if (override === 'none') return undefined
  const bins = override ? [override] : PEERS[name].bins
  return bins.flatMap(candidates).find(isExecutable)
}

/**
 * What to type to get it on this machine.
 * @param {PeerName} name
 * @param {NodeJS.Platform} platform
 * @returns {string}
 */
export function installCommand(name, platform = process.platform) {
  /** @type {Peer} */
  const peer = PEERS[name]
  if (platform === 'darwin' && peer.brew) return `brew install ${peer.brew}`
  if (platform === 'win32') return `see the home page of ${name}`
  return `apt-get install ${peer.debian}`
}

/**
 * The first version number the program prints, or an empty string.
 * @param {PeerName} name
 * @param {string} path
 * @returns {string}
 */
export function peerVersion(name, path) {
  // Chrome on Windows opens a window for --version.
  if (process.platform === 'win32' && name === 'chromium') return ''
  const { stdout, stderr } = spawnSync(path, PEERS[name].versionArgs, { encoding: 'utf8', timeout: 10_000 })
  return /\d+(\.\d+)+[a-z]?/.exec(`${stdout}${stderr}`)?.[0] ?? '' // nginx -v writes to stderr
}

/**
 * @param {string} bin
 * @returns {string[]}
 */
function candidates(bin) {
  if (isAbsolute(bin)) return [bin]
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...(process.platform === 'win32' ? [] : SBIN)]
  const file = process.platform === 'win32' ? `${bin}.exe` : bin
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, file))
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
