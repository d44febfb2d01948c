import { readFile } from 'node:fs/promises'
import { asBytes } from '@sse-from-scratch/course'
import { findTool, installHint } from '@sse-from-scratch/testkit'
import { explain } from '@sse-from-scratch/wire-xray'
import { type Heard, hearAll, JUDGES, openBrowserJudge, RECORDING, SAMPLES, type SampleName } from './record.ts'

process.removeAllListeners('warning') // undici says that its EventSource is experimental: here it is only a judge

// Five streams as bytes, and what five readers hear of them.
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
const columns = Number(process.env['COLUMNS']) || 80
const all = process.argv.includes('--replay') ? await recorded() : await live()

for (const [at, { sample, heard }] of all.entries()) {
  console.log(`${at + 1} ${sample}\n`)
  console.log(`${explain(answerOf(sample), { columns }).split('\n').filter(isBody).join('\n')}\n`)
  for (const [name, data] of Object.entries(heard)) console.log(`  ${name.padEnd(20)} ${JSON.stringify(data)}`)
  console.log('')
}

async function live(): Promise<Heard[]> {
  if (findTool('chromium') === undefined) {
    console.log(`Chromium is not here (${installHint('chromium')}): what it hears is from the recording.\n`)
    const now = await hearAll(JUDGES, 20)
    const then = await readRecording()
    return now.map(({ sample, heard }, at) => {
      const chromium = then[at]?.heard['Chromium'] ?? []
      return { sample, heard: { 'Chromium (recorded)': chromium, ...heard } }
    })
  }
  await using chromium = await openBrowserJudge()
  return await hearAll({ Chromium: chromium.hear, ...JUDGES }, 20)
}

async function recorded(): Promise<Heard[]> {
  console.log('What was heard when it was recorded.\n')
  return readRecording()
}

async function readRecording(): Promise<Heard[]> {
  const text = await readFile(RECORDING, 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Heard)
}

/** The stream as a chunked answer. */
function answerOf(sample: SampleName): Uint8Array {
  const chunks = SAMPLES[sample].flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n'])
  return asBytes([HEAD, ...chunks, '0\r\n\r\n'])
}

/** The head is the same each time, and is left out. */
function isBody(row: string): boolean {
  const [, offset] = /^([0-9a-f]{4,}) /.exec(row) ?? []
  return offset === undefined || Number.parseInt(offset, 16) >= HEAD.length
}
