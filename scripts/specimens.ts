// npm run specimens [-- --write]: do the log blocks of packages/*/specimens say what the decoders do? --write makes them.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { orExit } from '../examples/command-line.ts'
import { logOf } from '../packages/wire-xray/test/specimens/log.ts'
import {
  parseSection,
  pathOf,
  sectionsOf,
  specimenFiles,
  withLog,
} from '../packages/wire-xray/test/specimens/specimen.ts'

const options = { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } as const
const { values } = orExit(() => parseArgs({ options }))
if (values.help) {
  console.log(`npm run specimens              names the sections whose log is not what the decoders say
npm run specimens -- --write   writes their logs; then read them: a log that records a bug is worse than none`)
  process.exit(0)
}

let count = 0
let differing = 0
for (const file of specimenFiles()) {
  const text = readFileSync(pathOf(file), 'utf8')
  const sections = sectionsOf(text)
  const written = sections.map((section) => {
    const specimen = parseSection(file, section)
    const log = logOf(specimen)
    count++
    if (log === specimen.log) return section
    differing++
    console.log(`${values.write ? 'written' : 'differs'}: ${file}: ${specimen.title}`)
    return withLog(section, log)
  })
  const head = text.slice(0, text.length - sections.join('').length)
  if (values.write) writeFileSync(pathOf(file), head + written.join(''))
}
console.log(`${count} specimens, ${differing} ${values.write ? 'written' : 'differing'}`)
if (differing > 0 && !values.write) process.exitCode = 1
