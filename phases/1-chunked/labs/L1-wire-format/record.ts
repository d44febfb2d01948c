import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serve } from '@sse-from-scratch/chunked'
import { run } from '@sse-from-scratch/testkit'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { openRecordingFile } from '@sse-from-scratch/wire-xray/recording'

export const RECORDING: string = fileURLToPath(new URL('replay/wire-format.xray.jsonl', import.meta.url))

/** What the server of this lab sends, a chunk each; but nothing for the empty one. */
const PIECES: readonly string[] = [
  'hello',
  'abcdefghijklmnopqrstuvwxyz',
  ' wörld\n',
  '',
  '.'.repeat(255),
  '-'.repeat(256),
  'the end',
]

/** Milliseconds between two pieces, so that each can be seen coming. */
const PAUSE = 200

export interface RecordedServer extends AsyncDisposable {
  readonly url: string
}

/** A server that answers everything with the pieces, and before it an x-ray that records each read. */
export async function startServer(recordingPath: string, pauseMs: number = PAUSE): Promise<RecordedServer> {
  const file = await openRecordingFile(recordingPath, { target: 'http://127.0.0.1' })
  const server = await serve(async (_, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/plain; charset=utf-8' })
    for (const piece of PIECES) {
      if (pauseMs > 0) await pause(pauseMs)
      await body.write(Buffer.from(piece))
    }
    await body.end()
  })
  const proxy = await startProxy({ target: `http://127.0.0.1:${server.address.port}`, onMasked: file.next() })
  return {
    url: `${proxy.url}/`,
    async [Symbol.asyncDispose]() {
      await proxy.settled()
      await proxy[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await file.close()
    },
  }
}

// As a program of its own, it makes the recording anew: with curl, as the lab does.
if (process.argv[1] === import.meta.filename) {
  await rm(RECORDING, { force: true })
  await using server = await startServer(RECORDING)
  await run('curl', ['-sN', '--raw', '-H', 'Connection: close', server.url])
}
