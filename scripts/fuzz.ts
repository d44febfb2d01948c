// npm run fuzz [-- --seconds 60 --seed 1 --only cuts]: random conversations and random damage until the time is over.
import { parseArgs } from 'node:util'
import { orExit } from '../examples/command-line.ts'
import { searchBroken } from '../packages/chunked/test/fuzz/broken.ts'
import { PROPERTIES } from '../packages/chunked/test/fuzz/properties.ts'
import { passWithSeed, propertyTests } from './property-tests.ts'

const HELP = `npm run fuzz                                 a minute of random messages, from a seed of the clock
npm run fuzz -- --seconds 600 --seed 42      ten minutes, from this seed
npm run fuzz -- --only cuts                  only what has this word in its name
npm run fuzz -- --tests --seconds 600        every property in a test of a package instead, each round with another seed
npm run fuzz -- --seed 42 --path 7:1:0 --only cuts     one failure again, as it was printed

What is promised:
${Object.keys(PROPERTIES)
  .map((name) => `  ${name}`)
  .join('\n')}`

/** Inputs between two lines of progress. */
const ROUND = 500

const options = orExit(readArguments)
if (options === undefined) console.log(HELP)
else process.exitCode = (options.tests ? fuzzTests(options) : await fuzz(options)) ? 0 : 1

interface FuzzOptions {
  readonly seconds: number
  readonly seed: number
  readonly only: string
  readonly path: string | undefined
  readonly tests: boolean
}

function readArguments(): FuzzOptions | undefined {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
      only: { type: 'string', default: '' },
      path: { type: 'string' },
      tests: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) throw new RangeError('--seconds and --seed are numbers')
  return { seconds, seed, only: values.only, path: values.path, tests: values.tests }
}

/** True if the tests with properties passed with each seed. At least one round is run. */
function fuzzTests({ seconds, seed, only }: FuzzOptions): boolean {
  const files = propertyTests().filter((file) => file.includes(only))
  if (files.length === 0) throw new RangeError(`no test with a property has ${JSON.stringify(only)} in its path`)
  const end = performance.now() + seconds * 1000
  for (let round = seed; round === seed || performance.now() < end; round++) {
    console.log(`seed ${round}: ${files.length} test files`)
    if (passWithSeed(files, round)) continue
    console.log(`\nThis one again: SEED=${round} npx vitest run, and the file that is named above`)
    return false
  }
  return true
}

/** True if every promise was kept. */
async function fuzz({ seconds, seed, only, path }: FuzzOptions): Promise<boolean> {
  const chosen = Object.keys(PROPERTIES).filter((name) => name.includes(only))
  if (chosen.length === 0) throw new RangeError(`no promise has ${JSON.stringify(only)} in its name`)
  if (path !== undefined) return keeps(chosen[0] ?? '', seed, path)
  console.log(`seed ${seed}, ${seconds} seconds`)
  const end = performance.now() + seconds * 1000
  let inputs = 0
  for (let round = seed; ; round++) {
    for (const name of chosen) {
      if (performance.now() >= end) {
        console.log(`${inputs} inputs, and every promise was kept`)
        return true
      }
      if (!(await keeps(name, round))) return false
      inputs += ROUND
    }
    console.log(`${Math.max(0, Math.ceil((end - performance.now()) / 1000))} s left, ${inputs} inputs, seed ${round}`)
  }
}

async function keeps(name: string, seed: number, path?: string): Promise<boolean> {
  const report = await searchBroken(name, { seed, path, runs: ROUND, time: 60_000 })
  if (report === undefined) return true
  console.log(`\nbroken: ${name}\n${report}`)
  console.log(`\nThis one again: npm run fuzz -- --only '${name}' --seed <seed> --path <path>, both as printed above.`)
  return false
}
