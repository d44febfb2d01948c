import { fileURLToPath } from 'node:url'
import { type StartedProcess, start } from '@sse-from-scratch/testkit'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Keys that would make a test talk to a real model. */
const NO_KEYS = {
  OPENAI_API_KEY: undefined,
  OPENAI_BASE_URL: undefined,
  ANTHROPIC_API_KEY: undefined,
  ANTHROPIC_BASE_URL: undefined,
  LLM_BASE_URL: undefined,
  LLM_API_KEY: undefined,
  LLM_MODEL: undefined,
}

/** A program of this folder that listens, and where. */
export interface Program extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly process: StartedProcess
}

/** Starts `examples/<name>.ts` as a reader does. */
export async function startProgram(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const node = ['--conditions=@sse-from-scratch/source', '--import', 'tsx', `examples/${name}.ts`]
  const process_ = await start(process.execPath, [...node, ...args], {
    cwd: ROOT,
    env: { ...NO_KEYS, NODE_OPTIONS: undefined, VITEST: undefined, ...env },
    readyTimeout: 100_000,
    ready: /http:\/\/127\.0\.0\.1:(\d+)\//,
  })
  const port = Number(process_.match[1])
  const url = `http://127.0.0.1:${port}`
  return { url, port, process: process_, [Symbol.asyncDispose]: () => process_[Symbol.asyncDispose]() }
}
