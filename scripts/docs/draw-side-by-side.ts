// npm run docs:llm [-- --check]: makes the tables of docs/openai-and-anthropic.md, or says that they are out of date.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sideBySide } from './side-by-side.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) {
  console.log(`npm run docs:llm              makes the tables of docs/openai-and-anthropic.md
npm run docs:llm -- --check   says whether they are out of date`)
  process.exit(0)
}
const { page, text, upToDate } = sideBySide()
if (!upToDate && !values.check) writeFileSync(page, text)
if (!upToDate && values.check) process.exitCode = 1
console.log(upToDate ? 'up to date' : `${values.check ? 'out of date' : 'made'}: ${page}`)
