// npm run docs:states [-- --check]: draws the state diagrams of the READMEs, or says which of them are out of date.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { stateDiagrams } from './state-diagrams.ts'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) {
  console.log(`npm run docs:states              draws the state diagrams of the READMEs
npm run docs:states -- --check   names those that are out of date`)
  process.exit(0)
}
for (const { readme, text, upToDate } of stateDiagrams()) {
  if (upToDate) continue
  if (!values.check) writeFileSync(readme, text)
  else process.exitCode = 1
  console.log(`${values.check ? 'out of date' : 'drawn'}: ${readme}`)
}
