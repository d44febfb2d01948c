// Runs with a limit on the size of files: writes more than that, and says what it was told.
import { createEntryMask, openRecordingFile } from '@sse-from-scratch/wire-xray/recording'

process.on('SIGXFSZ', () => {}) // the write fails as well, as it does on a full disk
const told: string[] = []
const file = await openRecordingFile(process.argv[2] as string, {
  target: 'http://a',
  onError: (error) => told.push((error as NodeJS.ErrnoException).code ?? error.message),
})
const mask = createEntryMask({ record: file.next() })
mask.take({ kind: 'open', at: 0, connection: 1 })
for (let n = 0; n < 4; n++) {
  mask.take({ kind: 'bytes', at: n, connection: 1, direction: 'down', bytes: new Uint8Array(1_000_000) })
  await new Promise((resolve) => setImmediate(resolve))
}
mask.close()
const closed = await file.close().then(
  () => 'closed',
  (error: NodeJS.ErrnoException) => error.code,
)
process.stdout.write(JSON.stringify({ told, closed }))
