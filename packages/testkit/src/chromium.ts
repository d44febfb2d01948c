import type { Browser } from 'playwright-core'
import { findTool, type Tool } from './peers.ts'

// Quiet, without a sandbox (containers run as root), and without any request of its own to the outside.
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export interface ChromiumOptions {
  /** The browser to start; the one that findTool('chromium') sees by default. */
  readonly tool?: Tool
  /** More command-line flags. */
  readonly args?: readonly string[]
  /** Milliseconds until it must have started: a bound for one that hangs, not for one that is slow. Default 60 000. */
  readonly timeout?: number
}

/**
 * Starts the installed browser without a window. Close it with `await browser.close()` or `await using`.
 * @throws Error when no browser is installed: ask for it with describeWith(['chromium'], …).
 */
export async function startChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { tool = findTool('chromium'), args = [], timeout = 60_000 } = options
  if (tool === undefined) throw new Error('no chromium here: wrap this test in describeWith')
  const { chromium } = await import('playwright-core') // a large module: only those who use it load it
  return chromium.launch({ executablePath: tool.path, args: [...ARGS, ...args], timeout })
}
