import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asBytes } from '@sse-from-scratch/course'
import { findTool, installHint } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { toPcap } from '@sse-from-scratch/wire-xray/export'
import { type Recording, readRecordingFile } from '@sse-from-scratch/wire-xray/recording'
import { RECORDING, startServer } from './record.ts'

// What curl shows when it does not take the framing off, the same bytes with their names, and a file for Wireshark.
const columns = Number(process.env['COLUMNS']) || 80
const curl = process.argv.includes('--replay') ? undefined : findTool('curl')
const recording = curl ? await live(curl.path) : await replayed()
show(recording)

const capture = join(tmpdir(), 'course-L1-wire-format.pcapng')
await writeFile(capture, toPcap(recording))
console.log(`\nFor Wireshark, if you have it, the same as packets (TCP is made up around the reads):\n  ${capture}`)

async function live(curlPath: string): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'course-L1-'))
  const path = join(folder, 'live.xray.jsonl')
  {
    await using server = await startServer(path)
    console.log(`curl -sN --raw ${server.url}\n`)
    const start = performance.now()
    const child = spawn(curlPath, ['-sN', '--raw', '-H', 'Connection: close', server.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const bytes of child.stdout) line(performance.now() - start, bytes)
  }
  const recording = await readRecordingFile(path)
  await rm(folder, { recursive: true })
  return recording
}

async function replayed(): Promise<Recording> {
  if (!process.argv.includes('--replay')) console.log(`curl is not here (${installHint('curl')}): a recording instead.`)
  console.log('curl -sN --raw, as it was recorded (the head first, which curl --raw does not show)\n')
  const recording = await readRecordingFile(RECORDING)
  for (const { at, bytes } of answerOf(recording)) line(at, bytes)
  return recording
}

function show(recording: Recording): void {
  const bytes = asBytes(answerOf(recording).map((read) => read.bytes))
  console.log(`\nThe whole answer, head included:\n\n${explain(bytes, { columns })}`)
}

function answerOf({ entries }: Recording) {
  return entries.flatMap((entry) => (entry.kind === 'bytes' && entry.direction === 'down' ? [entry] : []))
}

function line(ms: number, bytes: Uint8Array): void {
  const text = JSON.stringify(Buffer.from(bytes).toString('utf8'))
  const room = columns - 12
  const shown = text.length > room ? `${text.slice(0, room - 13)} … ${text.slice(-10)}` : text
  console.log(`${`${Math.round(ms)}`.padStart(6)} ms  ${shown}`)
}
