import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWith, run } from '../packages/testkit/src/index.ts'
import { documents } from './markdown.ts'
import { ROOT } from './tree.ts'

// What the cheat sheet says of other programs, asked of them.

const page = readFileSync(join(ROOT, 'docs/cheatsheet.md'), 'utf8')

/** The first column of the table below a heading, without its backticks. */
function firstColumn(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const rows = section.split('\n## ')[0]?.match(/^\| .*$/gm) ?? []
  return rows
    .slice(1)
    .map((row) => (row.split(/(?<!\\) \| /)[0] ?? '').replace(/^\| /, '').replaceAll(/`|\\(?=\|)/g, ''))
}

describeWith(['tcpdump'], 'every filter for tcpdump', () => {
  test.each(firstColumn('tcpdump'))('is one: %s', async (filter) => {
    // -y: what it compiles for, so that it need not open an interface, which takes rights.
    const { code, stdout, stderr } = await run('tcpdump', ['-y', 'EN10MB', '-d', filter])
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error') })
    expect(stdout).toContain('ret')
  })
})

describeWith(['tshark'], 'every filter for Wireshark', () => {
  test('is one', { timeout: 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'filters-'))
    const empty = join(folder, 'empty.pcap')
    await writeFile(empty, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'))
    const filters = firstColumn('Wireshark and tshark')
    expect(filters.length).toBeGreaterThan(8)
    // Each in brackets, so that one call compiles them all.
    const { code, stderr } = await run('tshark', ['-r', empty, '-Y', filters.map((one) => `(${one})`).join(' or ')], {
      timeout: 170_000,
    })
    await rm(folder, { recursive: true })
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("isn't a valid") })
  })
})

describeWith(['nginx'], 'the location for nginx', () => {
  test('is one', async () => {
    const fence = documents()
      .flatMap(({ fences }) => fences)
      .find(({ file, language }) => file === 'docs/cheatsheet.md' && language === 'nginx')
    const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
    const config = join(folder, 'nginx.conf')
    const server = `server { listen unix:${folder}/socket; ${fence?.code}\n }`
    await writeFile(config, `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${server} }\n`)
    const { code, stderr } = await run('nginx', ['-t', '-q', '-p', folder, '-c', config])
    await rm(folder, { recursive: true })
    expect({ code, stderr }).toMatchObject({ code: 0 })
  })
})

describeWith(['curl'], 'the exit code of curl', () => {
  const head = 'HTTP/1.1 200 OK\r\n'
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`
  const five = `${head}Content-Length: 11\r\n\r\nhello`
  const answers: [code: string, what: string, answer: (socket: Socket) => void][] = [
    ['0', 'what ends with the connection', (socket) => socket.end(`${head}\r\nhello`)],
    ['18', 'a missing last chunk', (socket) => socket.end(`${chunked}5\r\nhello\r\n`)],
    ['18', 'a body that is too short', (socket) => socket.end(five)],
    ['28', 'silence', (socket) => socket.write(five)],
    ['52', 'no answer', (socket) => socket.end()],
    ['56', 'a chunk-size that is none', (socket) => socket.end(`${chunked}xyz\r\n`)],
  ]
  test.each(answers)('is %s for %s', async (code, _what, answer) => {
    const server = createServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const seen = await run('curl', ['-sS', '-m', code === '28' ? '0.5' : '40', `http://127.0.0.1:${port}/`])
    server.close()
    expect(`${seen.code}`, seen.stderr).toBe(code)
    expect(firstColumn('curl')).toContain(code)
  })
})
