import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

// Loaded before every test file. A property that draws a seed of its own finds its counterexample on somebody else's machine:
// so `npm test` tries the same inputs everywhere, and `npm run fuzz -- --tests` tries others for as long as one likes. fast-check
// prints the seed of what it breaks.

const SEED = Number(process.env['SEED'] ?? 20_261_120)

// Only where it is used: loading it takes longer than most test files.
if (readFileSync(expect.getState().testPath ?? import.meta.filename, 'utf8').includes("from 'fast-check'")) {
  if (!Number.isInteger(SEED)) throw new RangeError(`SEED is a whole number, not ${process.env['SEED']}`)
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED })
}
