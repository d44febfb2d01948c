import { writeFile } from 'node:fs/promises'
import type { Recording } from '@sse-from-scratch/llm-stream/recording'
import { toFixture, toHar, toMarkdown, toPcap } from '../export/index.ts'
import { CommandError, isTheirs } from './command-error.ts'
import { onlyOne, parseFlags, UsageError } from './options.ts'
import { recordingAt } from './recording-at.ts'
import { type Command, EXIT } from './terminal.ts'

const FLAGS = {
  pcap: { type: 'boolean' },
  har: { type: 'boolean' },
  md: { type: 'boolean' },
  fixture: { type: 'boolean' },
  out: { type: 'string' },
} as const

type Format = 'pcap' | 'har' | 'md' | 'fixture'

const FORMATS: Readonly<Record<Format, (recording: Recording) => Promise<string | Uint8Array> | string | Uint8Array>> =
  {
    pcap: toPcap,
    har: async (recording) => `${JSON.stringify(await toHar(recording), undefined, 2)}\n`,
    md: toMarkdown,
    fixture: toFixture,
  }

/** Writes a recording in the format of other tools. */
export async function exportFile({ argv, terminal }: Command): Promise<number> {
  const { values, positionals } = parseFlags(argv, FLAGS)
  const path = onlyOne(positionals, 'file')
  const names = Object.keys(FORMATS) as Format[]
  const [format, another] = names.filter((name) => values[name])
  if (format === undefined || another !== undefined) throw new UsageError(`one of --${names.join(', --')}`)
  if (format === 'pcap' && values.out === undefined && terminal.stdout.isTTY) {
    throw new UsageError('--pcap is no text: give --out <file>, or send it elsewhere')
  }
  try {
    const content = await FORMATS[format](await recordingAt(path, terminal))
    if (values.out === undefined) await written(terminal.stdout, content)
    else await writeFile(values.out, content, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw isTheirs(error) ? new CommandError(sentenceFor(error as NodeJS.ErrnoException, values.out)) : error
  }
  return EXIT.done
}

function sentenceFor({ code, message }: NodeJS.ErrnoException, out: string | undefined): string {
  return code === 'EEXIST' ? `${out} is there already: nothing is written over` : message
}

function written(output: Command['terminal']['stdout'], content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => output.write(content, (error) => (error ? reject(error) : resolve())))
}
