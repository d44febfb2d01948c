import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { startOnFreePort } from './free-port.ts'
import { findTool, type Tool } from './peers.ts'
import { type StartedProcess, start } from './run.ts'

export interface NginxOptions {
  /** Where requests are passed to: a port of 127.0.0.1. */
  readonly upstream: number
  /** Directives for `location /`, for example "proxy_buffering off;". Without any, nginx does what it does by default. */
  readonly location?: string
  /** Directives for the `server` block. */
  readonly server?: string
  /** Directives for the `http` block. */
  readonly http?: string
  readonly tool?: Tool
}

export interface Nginx extends AsyncDisposable {
  readonly port: number
  readonly url: string
  errorLog(): Promise<string>
  accessLog(): Promise<string>
  close(): Promise<void>
}

/**
 * Starts nginx as the current user, with everything it writes in a temporary folder, on a free port of 127.0.0.1.
 * Resolves when it accepts connections.
 * @throws Error with nginx's own words when it refuses its configuration.
 */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const { tool = findTool('nginx') } = options
  if (tool === undefined) throw new Error('no nginx here: wrap this test in describeWith')
  const folder = await mkdtemp(join(tmpdir(), 'testkit-nginx-'))
  try {
    const { port, started: child } = await startIn(folder, tool, options)
    const close = async (): Promise<void> => {
      await child.stop('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    }
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      errorLog: () => readFile(join(folder, 'error.log'), 'utf8'),
      accessLog: () => readFile(join(folder, 'access.log'), 'utf8'),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function startIn(
  folder: string,
  tool: Tool,
  options: NginxOptions,
): Promise<{ port: number; started: StartedProcess }> {
  const config = join(folder, 'nginx.conf')
  return startOnFreePort(async (port) => {
    await writeFile(config, configuration(port, options))
    // "start worker process": the sockets are bound by then
    return await start(tool.path, ['-p', folder, '-c', config, '-e', 'stderr'], { ready: /start worker process \d/ })
  }, /Address already in use/)
}

function configuration(port: number, options: NginxOptions): string {
  const asRoot = process.getuid?.() === 0 ? `user ${userInfo().username};` : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
${asRoot}
events { worker_connections 512; }
http {
  error_log error.log info;
  access_log access.log;
  ${temporary.map((name) => `${name}_temp_path ${name}_temp;`).join('\n  ')}
  ${options.http ?? ''}
  server {
    listen 127.0.0.1:${port};
    ${options.server ?? ''}
    location / {
      proxy_pass http://127.0.0.1:${options.upstream};
      ${options.location ?? ''}
    }
  }
}
`
}
