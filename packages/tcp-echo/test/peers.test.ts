import { connect as netConnect } from 'node:net'
import { connect, createLineDecoder, echo, listen } from '@sse-from-scratch/tcp-echo'
import { describeWith, run, startNginx } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'
import { bytes, text, whenOver } from './bytes.ts'

describeWith(['curl'], 'curl', ([tool]) => {
  test('talks to our lines over plain TCP, and our FIN is its end', async () => {
    await using listener = await listen(async (connection) => {
      const lines: string[] = []
      const decoder = createLineDecoder()
      while (lines.length < 2) decoder.push((await connection.read()) ?? bytes('\n'), (line) => lines.push(line))
      await connection.write(bytes(`${lines.join(' and ')}\n`))
    })
    const url = `telnet://127.0.0.1:${listener.address.port}`
    const { stdout, code } = await run(tool?.path ?? 'curl', ['-sS', '-N', '--max-time', '8', url], {
      input: 'one\ntwo\n',
    })
    expect([stdout, code]).toEqual(['one and two\n', 0])
  })
})

describeWith(['nginx'], 'nginx', () => {
  test('answers our connection although that has closed its side, and its FIN is our null', async () => {
    await using nginx = await startNginx({ upstream: 1, server: 'location = /hello { return 200 "hello"; }' })
    const connection = await connect({ port: nginx.port })
    await connection.write(bytes('GET /hello HTTP/1.0\r\n'), bytes('\r\n'))
    await connection.end()
    let answer = ''
    for (let part = await connection.read(); part !== null; part = await connection.read()) answer += text(part)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nhello$/)
    await whenOver(connection) // both directions are done
  })
})

test('node:net gets back from our echo what it has sent, to the last byte behind its own end', async () => {
  await using listener = await listen(echo)
  const sent = Buffer.alloc(1_000_000, 'abcdefg')
  const received: Buffer[] = []
  const socket = netConnect({ port: listener.address.port, allowHalfOpen: true })
  socket.end(sent)
  for await (const part of socket) received.push(part)
  expect(Buffer.concat(received).equals(sent)).toBe(true)
})
