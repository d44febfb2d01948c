import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findTool, type Tool } from './peers.ts'
import { type RealProxy, startRealProxy } from './real-proxy.ts'

export interface ApacheOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Directives of the server, for example "ProxyTimeout 2". mod_proxy, mod_filter and mod_deflate are loaded. */
  readonly server?: string
  readonly tool?: Tool
}

/** Starts Apache's httpd in front of a server. */
export function startApache({ upstream, server = '', tool = findTool('apache') }: ApacheOptions): Promise<RealProxy> {
  return startRealProxy({
    name: 'apache',
    tool,
    configuration: (port, folder) => `
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${join(folder, 'pid')}
ErrorLog "|$cat >&2"
LogLevel notice
${MODULES.map((name) => loading(name, modulesOf(tool?.path ?? ''))).join('\n')}
${process.getuid?.() === 0 ? 'User #65534\nGroup #65534' : '' /* it does not serve as root */}
${server}
ProxyPass / http://127.0.0.1:${upstream}/
`,
    args: (config, folder) => ['-d', folder, '-f', config, '-DFOREGROUND'],
    ready: /resuming normal operations/,
    taken: /Address already in use/,
  })
}

const MODULES = ['mpm_event', 'unixd', 'authz_core', 'filter', 'deflate', 'proxy', 'proxy_http']

/** What is compiled in already must not be loaded again. */
function loading(name: string, folder: string): string {
  const path = join(folder, `mod_${name}.so`)
  if (!existsSync(path)) return ''
  return `<IfModule !mod_${name}.c>\nLoadModule ${name}_module ${path}\n</IfModule>`
}

/** Where the modules are: Debian, Homebrew, macOS. */
function modulesOf(program: string): string {
  const base = dirname(dirname(program))
  const places = ['lib/apache2/modules', 'lib/httpd/modules', 'libexec/apache2'].map((name) => join(base, name))
  return places.find((place) => existsSync(place)) ?? base
}
