// Writes what the x-ray says into the page about streams that arrive all at once: tsx … causes.ts --write
import { readFile, writeFile } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from '../src/cli/run.ts'

const ROOT = new URL('../../../', import.meta.url)
const PAGE = new URL('docs/arrives-all-at-once.md', ROOT)

/** A command that explains a recording of the repository, and what it says. */
const TRANSCRIPT = /```sh\nnpm run xray -- explain (\S+)\n```\n\n```text\n[\s\S]*?```/g

/** The page, with what the commands in it say today. */
export async function withTranscripts(page: string): Promise<string> {
  let filled = page
  for (const [whole, file = ''] of page.matchAll(TRANSCRIPT)) {
    const said = await diagnosesOf(file)
    filled = filled.replace(whole, () => whole.replace(/```text\n[\s\S]*```/, () => `\`\`\`text\n${said}\n\`\`\``))
  }
  return filled
}

/** What stands behind the items: the diagnoses. */
async function diagnosesOf(file: string): Promise<string> {
  const path = fileURLToPath(new URL(file, ROOT))
  let text = ''
  const stdout = new Writable({
    write(part, _encoding, done) {
      text += part
      done()
    },
  })
  const never = () => () => {}
  const terminal = { stdin: Readable.from([]), stdout, stderr: stdout, onInterrupt: never, onExit: never }
  const code = await run(['explain', path], { NO_COLOR: '1' }, terminal)
  if (code !== 0) throw new Error(`xray explain ${file}: ${text}`)
  const lines = text.trimEnd().split('\n')
  const first = lines.findIndex((line) => /^[✗!·] [A-Z]/.test(line))
  return first < 0 ? 'nothing' : lines.slice(first).join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = await readFile(PAGE, 'utf8')
  const filled = await withTranscripts(page)
  if (process.argv.includes('--write')) await writeFile(PAGE, filled)
  console.log(page === filled ? 'The page says what the commands say.' : 'The page says something else.')
  if (page !== filled && !process.argv.includes('--write')) process.exitCode = 1
}
