import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findTool, run, start } from '@sse-from-scratch/testkit'

/** What three programs say of one request. */
export interface Seen {
  /** `curl -v`: what it says, and what it sends (`>`) and gets (`<`). */
  readonly curl: string
  /** `ss -tn`: the connections of this port, while the answer is made. Undefined where the program is absent. */
  readonly ss: string | undefined
  /** `tcpdump -i lo -X`: every packet, and its bytes. Undefined where the program, or the right to use it, is absent. */
  readonly tcpdump: string | undefined
}

const FILE = fileURLToPath(new URL('replay/seen.json', import.meta.url))

export function readRecording(): Required<Seen> {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

/**
 * Asks a server for one answer with curl, and lets the others look on.
 *
 * @param port 0 for one that is free
 * @throws Error when there is no curl
 */
export async function see(port = 0): Promise<Seen> {
  const curl = findTool('curl')
  if (curl === undefined) throw new Error('curl is not here')
  let tell = (_answer: () => void) => {}
  const asked = new Promise<() => void>((resolve) => (tell = resolve))
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => tell(() => socket.end(ANSWER))) // FIN comes behind the last byte
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: number } = server.address() as AddressInfo
  const dump = await startDump(number)
  try {
    const asking = run(curl.path, ['-sv', `http://127.0.0.1:${number}/hello`])
    const answer = await asked
    const connections = await listConnections(number) // while the connection is open
    answer()
    const { stdout, stderr } = await asking
    return { curl: `${stderr}${stdout}`, ss: connections, tcpdump: await dump?.() }
  } finally {
    server.close()
  }
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n'

async function listConnections(port: number): Promise<string | undefined> {
  const filter = `( sport = :${port} or dport = :${port} )`
  const found = await run('ss', ['-tnp', filter]).catch(() => undefined)
  return found?.code === 0 ? found.stdout : undefined
}

/** Begins to listen on the loopback. @returns ends it, and what it has seen; nothing without the right to listen */
async function startDump(port: number): Promise<(() => Promise<string>) | undefined> {
  const tcpdump = findTool('tcpdump')
  if (tcpdump === undefined) return undefined
  const device = process.platform === 'darwin' ? 'lo0' : 'lo'
  const args = ['-i', device, '-n', '-X', '-l', '--immediate-mode', '-Z', userInfo().username, `tcp port ${port}`]
  try {
    const dumping = await start(tcpdump.path, args, { ready: /listening on/ })
    return async () => {
      const seen = () => [...dumping.output.matchAll(/Flags \[F/g)].length
      for (let wait = 0; seen() < 2 && wait < 200; wait++) await new Promise((resolve) => setTimeout(resolve, 10))
      await dumping.stop()
      return dumping.output.replace(/^(.|\n)*?listening on.*\n/, '').replace(/\n\d+ packets? captured(.|\n)*$/, '\n')
    }
  } catch {
    return undefined // not everybody may listen
  }
}

// As a program of its own, it makes the recording anew.
if (process.argv[1] === import.meta.filename) writeFileSync(FILE, `${JSON.stringify(await see(8080), null, 2)}\n`)
