import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { versionOf } from '../../phases/4-production/labs/engine/define-lab.ts'
import type { Lab } from '../../phases/4-production/labs/engine/lab.ts'
import { table } from '../../phases/4-production/labs/engine/report.ts'
import { LABS } from '../../phases/4-production/labs/labs.ts'

const HELP = `npm run docs:labs               runs every lab with the programs that are here, and prints the tables
npm run docs:labs -- --write    puts them into phases/4-production/labs/README.md: read the difference before you believe it`

const PAGE = fileURLToPath(new URL('../../phases/4-production/labs/README.md', import.meta.url))
const MARK = '<!-- measured by npm run docs:labs -->'

const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } })

if (values.help === true) console.log(HELP)
else {
  const parts: string[] = []
  for (const lab of LABS) parts.push(await section(lab)) // one at a time: nothing else is measured beside it
  const text = parts.join('\n\n')
  if (values.write === true) {
    const [before] = readFileSync(PAGE, 'utf8').split(MARK)
    writeFileSync(PAGE, `${before}${MARK}\n\n${text}\n`)
  } else console.log(text)
}

/** @throws Error when a claim of the lab does not hold: then its text is wrong for the versions that are here */
async function section(lab: Lab): Promise<string> {
  for (const program of new Set(lab.setups.flatMap(({ programs }) => programs))) versionOf(program)
  const outcome = await lab.run()
  const refuted = outcome.claims.filter(({ holds }) => !holds).map(({ says }) => says)
  if (refuted.length > 0) throw new Error(`${lab.id}: not so here: ${refuted.join('; ')}`)
  return `## ${lab.id} · ${lab.title}\n\n${lab.question} ${sentence(lab.options[outcome.right ?? -1] ?? 'not measured')}\n\n\`\`\`text\n${table(outcome)}\n\`\`\``
}

function sentence(option: string): string {
  return `**${option.charAt(0).toUpperCase()}${option.slice(1)}.**`
}
