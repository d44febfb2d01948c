import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request, serve } from '@sse-from-scratch/chunked'
import type { Dial } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { expect, test } from 'vitest'
import { startOrigin } from '../diagnose/origin.ts'
import { FOLDER } from '../diagnose/recorded.ts'
import { xray, xrayed } from './xray.ts'

const recording = (name: string): string => join(fileURLToPath(FOLDER), `${name}.xray.jsonl`)

test('explain names the hop, what was seen and the line to write, and fails where it is told to', async () => {
  const { stdout, code } = await xrayed(['explain', recording('haproxy'), '--fail-on', 'error'])
  expect(stdout).toMatch(/✗ TIME_QUANTUM_200MS {2}#1 {2}error, likely\n.*\n?.*seen: .*HAProxy: option http-no-delay/s)
  expect(code).toBe(1)
  expect(await xrayed(['explain', recording('haproxy')])).toMatchObject({ code: 0 })
  expect(await xrayed(['explain', recording('nginx-head-held'), '--fail-on', 'error'])).toMatchObject({ code: 0 })
  expect(await xrayed(['explain', recording('nginx-head-held'), '--fail-on', 'warn'])).toMatchObject({ code: 1 })
  expect((await xrayed(['explain', recording('apache')])).stdout).toContain('✓ nothing is wrong')
})

test('explain --json has a line for each diagnosis, and no line of any text is longer than 80 cells', async () => {
  const { stdout } = await xrayed(['explain', '--json', recording('nginx-stock')])
  const diagnoses = stdout.split('\n').filter((line) => line.includes('"kind":"diagnosis"'))
  expect(diagnoses.map((line) => JSON.parse(line).code)).toContain('BURST_AFTER_SILENCE')
  const text = (await xrayed(['explain', recording('nginx-stock')])).stdout
  expect(text.split('\n').filter((line) => [...line].length > 80)).toEqual([])
})

test('probe asks, explains and says what is wrong; no key of the request is in what it says', async () => {
  await using origin = await startOrigin()
  const argv = ['probe', `${origin.port}/crash`, '-H', 'Authorization: Bearer SECRET-0123456789', '--fail-on', 'error']
  const { code, stdout, stderr } = await xrayed(argv)
  expect(stdout).toMatch(/▲http {2}GET \/crash.*✗ NO_TERMINATOR/s)
  expect(code).toBe(1)
  expect(stdout + stderr).not.toContain('SECRET')
})

test('check says what passes and what does not', async () => {
  await using origin = await startOrigin()
  const good = await xrayed(['check', `${origin.port}/llm`, '--time', '5'])
  expect(good).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^pass stream.*pass spacing.*pass end .*pass gzip/s),
  })
  await using plain = await serve(async (_request, respond) => {
    await (await respond(200, { 'Content-Type': 'text/plain' })).end()
  })
  const bad = await xrayed(['check', `${plain.address.port}/`, '--time', '2'])
  expect(bad).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FAIL stream.*Content-Type: text\/event-stream/s),
  })
})

test('sandwich says how long each event was in the hop', async () => {
  await using origin = await startOrigin()
  let back = 0 // where the hop has to ask
  const dial: Dial = (_, how) => connect({ ...how, host: '127.0.0.1', port: back })
  await using hop = await startProxy({ target: 'http://127.0.0.1:1', dial })
  const taps = ['--front', '0', '--back', '0', '--count', '1']
  const running = xray(['sandwich', hop.url, '--origin', `127.0.0.1:${origin.port}`, ...taps])
  const [, front = '', behind] = await running.says(/Clients ask (\S+), which.*has to ask \S+:(\d+),/)
  back = Number(behind)
  await using response = await request(`${front}/llm`, { fields: { Connection: 'close' } })
  await response.body.text()
  const { stdout, code } = await running.ended
  expect(stdout).toMatch(/#1 GET \/llm {2}200 {2}13 events\n {2}in the hop: head /)
  expect(code).toBe(0)
})

test('diff says in what two recordings differ, and that one is like itself', async () => {
  const same = await xrayed(['diff', recording('caddy'), recording('caddy')])
  expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ alike') })
  const other = await xrayed(['diff', recording('apache'), recording('nginx-unbuffered')])
  expect(other).toMatchObject({ code: 1, stdout: expect.stringMatching(/\+ #1 field {2}server: nginx.*TTFB/s) })
})

test.each([
  [['probe'], /URL is missing/],
  [['probe', 'ftp://a'], /a URL such as/],
  [['probe', 'http://a:b@c/'], /no credentials/],
  [['check', '1', '--time', 'x'], /--time/],
  [['sandwich', '1'], /--origin is missing/],
  [['diff', 'a'], /two recordings/],
])('%j is wrong usage, and says why', async (argv, message) => {
  expect(await xrayed(argv)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
})

test('a live view says what is wrong when an exchange is over', async () => {
  await using origin = await startOrigin()
  const running = xray([`127.0.0.1:${origin.port}`, '--port', '0', '--fault', 'no-done'])
  const [, url] = await running.says(/xray listens at (\S+)/)
  await using response = await request(`${url}/llm`, { fields: { Connection: 'close' } })
  await response.body.text()
  await running.says(/✗ APP_END_MISSING/)
  running.stop()
  expect((await running.ended).code).toBe(0)
})
