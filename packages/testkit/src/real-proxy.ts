import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAccepts } from './accepts.ts'
import { startOnFreePort } from './free-port.ts'
import { findTool, type Tool, type ToolName } from './peers.ts'
import { start } from './run.ts'

/** A proxy that listens on 127.0.0.1. */
export interface RealProxy extends AsyncDisposable {
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

/** How one product is started. */
export interface ProxyProgram {
  readonly name: ToolName
  readonly tool: Tool | undefined
  /** Files that its configuration names. */
  readonly prepare?: (folder: string) => Promise<void>
  /** The text of its configuration file. */
  readonly configuration: (port: number, folder: string) => string
  /** What to start it with: it is to stay in the foreground, and to write into `folder` only. */
  readonly args: (config: string, folder: string, port: number) => readonly string[]
  /** What it says when it is about to accept connections. */
  readonly ready: RegExp
  /** What it says when the port is taken. */
  readonly taken: RegExp
}

/** Starts a proxy with all it writes in a temporary folder. Rejects with its own words when it refuses its configuration. */
export async function startRealProxy(program: ProxyProgram): Promise<RealProxy> {
  const { name, tool = findTool(name), configuration, args, prepare, ready, taken } = program
  if (tool === undefined) throw new Error(`no ${name} here: wrap this test in describeWith`)
  const folder = await mkdtemp(join(tmpdir(), `testkit-${name}-`))
  const config = join(folder, 'config')
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  try {
    await prepare?.(folder)
    const { port, started } = await startOnFreePort(async (port) => {
      await writeFile(config, configuration(port, folder))
      const child = await start(tool.path, args(config, folder, port), { ready, env })
      await untilAccepts(port, child)
      return child
    }, taken)
    const close = async (): Promise<void> => {
      await started.stop('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    }
    return { port, url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
