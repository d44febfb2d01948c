import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Breakage } from './breakage.ts'

const XRAY = fileURLToPath(new URL('../../../../packages/wire-xray/src/cli.ts', import.meta.url))
/** Milliseconds for the x-ray to say the last of what it has seen. */
const AFTERGLOW = 500

/**
 * Breaks something, with the x-ray open on it. On a terminal the x-ray stays until somebody presses q; elsewhere it ends by
 * itself. Then it says what the clients made of it.
 */
export async function runBreakage(breakage: Breakage, say: (text: string) => void): Promise<number> {
  say(`Broken on purpose: ${breakage.says}.\nLook at: ${breakage.look}.\n`)
  await using served = await breakage.serve()
  const loader = ['--conditions=@sse-from-scratch/source', '--import', import.meta.resolve('tsx')]
  const xray = spawn(process.execPath, [...loader, XRAY, `http://127.0.0.1:${served.port}`, '--port', '0'], {
    stdio: ['inherit', 'inherit', 'pipe'],
  })
  const ended = once(xray, 'exit')
  try {
    const url = await listeningAt(xray.stderr, ended)
    const lines = await breakage.ask(url)
    await pause(AFTERGLOW)
    if (!process.stdout.isTTY) xray.kill('SIGINT')
    await ended
    say(
      `\nWhat came of it:\n${[...lines, ...(served.notes ?? [])].map((line) => `  ${line}`).join('\n')}\n\n${breakage.means}`,
    )
    return 0
  } finally {
    xray.kill('SIGKILL')
  }
}

/** @throws Error with the words of the x-ray when it does not begin */
async function listeningAt(stderr: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  let words = ''
  return await new Promise((resolve, reject) => {
    stderr.on('data', (bytes: Buffer) => {
      words += bytes.toString()
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(words) ?? []
      if (url !== undefined) resolve(url)
    })
    void ended.then(() => reject(new Error(`the x-ray ended: ${words}`)))
  })
}
