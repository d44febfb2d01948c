import { existsSync, readFileSync } from 'node:fs'
import type { CreateLineReader } from '../../0-network/04-a-stream-has-no-edges/contract.ts'
import type { CreateChunkDecoder } from '../../1-chunked/04-the-decoder/contract.ts'
import type { CreateSseParser } from '../../2-sse/03-parser-line-by-line/contract.ts'
import type { FromOpenAI } from '../02-openai-deltas/contract.ts'
import type { UntilSentinel } from '../04-did-it-finish/contract.ts'
import type { Paint, Step } from '../06-terminal-chat/contract.ts'

/** A layer of the chat: whose code it is, and how many bytes, lines, pieces, events or deltas it has taken. */
export interface Layer {
  /** The exercise that it is from. */
  readonly id: string
  readonly name: string
  readonly isYours: boolean
  /** Why it is not yours, where you have begun it. */
  readonly problem?: string
}

export interface YourLayers {
  readonly createLineReader: CreateLineReader
  readonly createChunkDecoder: CreateChunkDecoder
  readonly createSseParser: CreateSseParser
  readonly fromOpenAI: FromOpenAI
  readonly untilSentinel: UntilSentinel
  readonly step: Step
  readonly paint: Paint
  readonly sources: readonly Layer[]
}

/** Your own files, and the package behind the exercise for each that you have not begun, or that does not load. */
export async function yourLayers(): Promise<YourLayers> {
  const loaded = {
    createLineReader: await load<CreateLineReader>('0.4', '0-network/04-a-stream-has-no-edges', 'createLineReader'),
    createChunkDecoder: await load<CreateChunkDecoder>('1.4', '1-chunked/04-the-decoder', 'createChunkDecoder'),
    createSseParser: await load<CreateSseParser>('2.3', '2-sse/03-parser-line-by-line', 'createSseParser'),
    fromOpenAI: await load<FromOpenAI>('3.2', '3-llm/02-openai-deltas', 'fromOpenAI'),
    untilSentinel: await load<UntilSentinel>('3.4', '3-llm/04-did-it-finish', 'untilSentinel'),
    step: await load<Step>('3.6', '3-llm/06-terminal-chat', 'step'),
    paint: await load<Paint>('3.6', '3-llm/06-terminal-chat', 'paint'),
  }
  return {
    createLineReader: loaded.createLineReader.code,
    createChunkDecoder: loaded.createChunkDecoder.code,
    createSseParser: loaded.createSseParser.code,
    fromOpenAI: loaded.fromOpenAI.code,
    untilSentinel: loaded.untilSentinel.code,
    step: loaded.step.code,
    paint: loaded.paint.code,
    sources: Object.values(loaded).map(({ source }) => source),
  }
}

/** `--conditions=solution` and the like, as for `#ex/…`; without one the file is the learner's. */
const target = ['stub', 'solution', 'package'].find((name) => process.execArgv.includes(`--conditions=${name}`))

async function load<T>(id: string, path: string, name: string): Promise<{ code: T; source: Layer }> {
  const folder = new URL(`../../${path}/`, import.meta.url)
  const mine = target === undefined ? 'exercise.ts' : `${target}.ts`
  try {
    if (isBegun(folder, mine)) {
      const code = (await import(new URL(mine, folder).href))[name]
      if (typeof code === 'function') return { code, source: { id, name, isYours: true } }
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : `${error}`
    return { code: await ofPackage(folder, name), source: { id, name, isYours: false, problem } }
  }
  return { code: await ofPackage(folder, name), source: { id, name, isYours: false } }
}

function isBegun(folder: URL, mine: string): boolean {
  const [written, stub] = [new URL(mine, folder), new URL('stub.ts', folder)]
  return existsSync(written) && readFileSync(written, 'utf8') !== readFileSync(stub, 'utf8')
}

async function ofPackage<T>(folder: URL, name: string): Promise<T> {
  return (await import(new URL('package.ts', folder).href))[name]
}
