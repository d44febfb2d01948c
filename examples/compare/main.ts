/** SSE, WebSocket, long polling and polling hear of the same events, and are measured: npm run compare. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { findTool, installHint } from '@sse-from-scratch/testkit'
import { fail, orExit, wholeNumber } from '../command-line.ts'
import { compare } from './compare.ts'
import { drawTimeline } from './picture.ts'
import { FULL, QUICK, type Settings } from './settings.ts'
import { asMarkdown, asText, tablesOf } from './table.ts'

const USAGE = `usage: npm run compare -- [--quick] [--seed 1] [--json | --markdown] [--picture file.svg]

  --quick      a few seconds instead of 45, without nginx: to see that it works. Its times say nothing
  --seed       of the events: the same number tells the same story
  --json       everything that was measured
  --markdown   the tables as a page has them
  --picture    also draw what happened around the first cut
  --help       this text
`

/** What was asked for, checked. */
function readArguments() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      picture: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, seed: wholeNumber('--seed', values.seed, 999_999_999) }
}

async function main(): Promise<void> {
  const values = orExit(readArguments)
  if (values.help) return void process.stdout.write(USAGE)
  process.once('SIGINT', () => process.exit(130)) // an exit takes nginx along, a signal would not
  const report = await compare(settingsFor(values.quick, values.seed))
  progress('')
  if (values.picture !== undefined) await writeFile(values.picture, drawTimeline(report.timeline))
  const text = values.json
    ? JSON.stringify(report, null, 2)
    : tablesOf(report)
        .map(values.markdown ? asMarkdown : asText)
        .join('\n')
  process.stdout.write(`${text}\n`)
}

function settingsFor(quick: boolean, seed: number): Settings {
  const settings = { ...(quick ? QUICK : FULL), seed, onProgress: progress }
  if (!settings.nginx || findTool('nginx') !== undefined) return settings
  console.error(`no nginx here, so nothing goes through it: ${installHint('nginx')}`)
  return { ...settings, nginx: false }
}

/** One line that is written over, where somebody watches. */
function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`)
}

main().catch(fail)
