import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRecording } from '@sse-from-scratch/llm-stream/recording'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFaultSwitch } from '../../src/cli/fault-switch.ts'
import { liveSwitches, nameAt } from '../../src/cli/live-switches.ts'
import { createRecordingSwitch } from '../../src/cli/record.ts'
import { bytes } from '../recording/entries.ts'

describe('faults', () => {
  test('that are set are a list, and the same one until they are set again', () => {
    const faults = createFaultSwitch(['nginx-stock', 'delay=1ms,cr'])
    expect(faults.list.map(({ kind }) => kind)).toEqual(['merge', 'polite', 'no-rst', 'delay', 'cr'])
    expect(faults.text).toBe('nginx-stock,delay=1ms,cr')
    expect(faults.list).toBe(faults.list)
    faults.set('bom,kaspersky')
    expect(faults.list.map(({ kind }) => kind)).toEqual(['bom', 'one-behind'])
    faults.set('')
    expect(faults.list).toEqual([])
  })

  test('that cannot be read leave those there are', () => {
    const faults = createFaultSwitch(['cr'])
    expect(() => faults.set('nonsense')).toThrow(TypeError)
    expect([faults.text, faults.list.length]).toEqual(['cr', 1])
  })
})

describe('a recording', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xray-switch-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  /** Switches whose sentences can be waited for. */
  function switches() {
    const said: string[] = []
    let wake = () => {}
    const say = (sentence: string): void => {
      said.push(sentence)
      wake()
    }
    const recording = createRecordingSwitch('http://a', say)
    const name = () => join(folder, nameAt(new Date('2026-11-20T14:03:12.345Z')))
    return {
      recording,
      live: liveSwitches(createFaultSwitch([]), recording, say, name),
      async next(): Promise<string> {
        if (said.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        return said.shift() ?? ''
      },
    }
  }

  test('is begun and ended by a key, in a new file for its owner alone, and it is said where', async () => {
    const { recording, live, next } = switches()
    const path = join(folder, '2026-11-20T14-03-12.xray.jsonl')
    live.toggleRecording()
    expect(await next()).toContain(`Recording to ${path}, secrets as stars`)
    expect(live.recording).toBe(path)
    recording.take({ kind: 'bytes', at: 1, connection: 1, direction: 'up', bytes: bytes('GET') })
    live.toggleRecording()
    expect(await next()).toContain(`Recorded in ${path}`)
    expect(live.recording).toBeUndefined()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(parseRecording(await readFile(path, 'utf8')).entries).toHaveLength(1)
    live.toggleRecording()
    expect(await next()).toMatch(/is there already: nothing is written over$/)
    expect(live.recording).toBeUndefined()
  })

  test('that cannot be made is one sentence, and the next press tries again', async () => {
    const { recording, next, live } = switches()
    await expect(recording.start(join(folder, 'no', 'such', 'folder'))).rejects.toThrow(/ENOENT/)
    live.toggleRecording()
    live.toggleRecording() // too early: it is not open yet
    expect(await next()).toMatch(/^Recording to/)
    await recording.stop()
  })
})
