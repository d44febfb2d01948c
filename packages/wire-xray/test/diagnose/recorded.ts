import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { diagnoseAll } from '../../src/diagnose/index.ts'
import { readRecordingFile } from '../../src/recording/index.ts'
import { exchangesOf } from '../../src/timeline/index.ts'

export const FOLDER: URL = new URL('../../recordings/', import.meta.url)
export const GOLDEN: URL = new URL('diagnoses.json', FOLDER)

/** What is said of each recording in the folder, by its name. */
export async function saidOf(): Promise<Readonly<Record<string, readonly object[]>>> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.xray.jsonl')).toSorted()
  const said: Record<string, readonly object[]> = {}
  for (const name of files) {
    const recording = await readRecordingFile(fileURLToPath(new URL(name, FOLDER)))
    const exchanges = await exchangesOf(recording, { withBytes: true })
    said[name.replace('.xray.jsonl', '')] = diagnoseAll(exchanges).map(({ evidence, fix: _, ...diagnosis }) => ({
      ...diagnosis,
      evidence: evidence.map(({ what, bytes }) => (bytes ? `${what} [${bytes})` : what)),
    }))
  }
  return said
}
