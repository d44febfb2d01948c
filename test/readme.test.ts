import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exportedNames } from './exports.ts'
import {
  type DefaultInSource,
  defaultsIn,
  documentedDefaultsIn,
  namesIn,
  type Row,
  rowsIn,
  valuesIn,
} from './readme-tables.ts'
import { publicPackages, ROOT } from './tree.ts'

// A page and the code say the same: every code of an error, every default of an option, a comment for every name.

const packages = publicPackages()
const ground = packages.filter(({ shortName }) => ['tcp-echo', 'http-raw', 'chunked'].includes(shortName))

function tablesOf(folder: string): Row[] {
  return rowsIn(readFileSync(join(ROOT, folder, 'README.md'), 'utf8'))
}

describe('every name that a package exports', () => {
  test.each(packages)('$shortName has a doc comment for each', (pkg) => {
    const exported = exportedNames(pkg)
    expect(exported.length).toBeGreaterThan(5)
    const bare = exported.filter(({ doc }) => doc === undefined || doc.length < 15)
    expect(bare.map(({ file, name }) => `${file}: ${name}`)).toEqual([])
  })
})

describe('every error code', () => {
  /** The members of the exported `…ErrorCode` unions, and the packages that have them. */
  const owners = new Map(
    packages.flatMap((pkg) => {
      const unions = exportedNames(pkg).filter(({ name }) => name.endsWith('ErrorCode'))
      return unions.flatMap(({ file, name }) => membersOf(file, name).map((code) => [code, pkg.shortName] as const))
    }),
  )

  test.each(packages)('of $shortName is in the table of its README, and no other', ({ folder, shortName }) => {
    const listed = tablesOf(folder)
      .flatMap((row) => namesIn(Object.values(row)[0] ?? ''))
      .filter((name) => /^[A-Z]+(?:_[A-Z0-9]+)+$/.test(name))
    const own = [...owners].filter(([, owner]) => owner === shortName).map(([code]) => code)
    expect(own.filter((code) => !listed.includes(code))).toEqual([])
    expect(listed.filter((code) => !owners.has(code))).toEqual([])
  })

  function membersOf(file: string, name: string): string[] {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const [, body = ''] = new RegExp(`export type ${name} =((?:\\s*\\|? *'\\w+'(?: *//.*)?)+)`).exec(text) ?? []
    return [...body.matchAll(/'(\w+)'/g)].map(([, code = '']) => code)
  }

  test('is found where it is declared', () => {
    for (const { shortName } of ground) expect([...owners.values()]).toContain(shortName)
    expect(owners.size).toBeGreaterThan(30)
  })
})

describe('every default', () => {
  const inSource = ground.flatMap(({ folder }) => defaultsIn(folder))
  const inComments = ground.flatMap(({ folder }) => documentedDefaultsIn(folder))
  const said = (defaults: readonly DefaultInSource[], name: string) =>
    new Set(defaults.filter((one) => one.name === name).map(({ value }) => value))

  /** What the tables say of each option. One that is found twice, in `serve` and in `request` say, may have two defaults. */
  const inTables = ground.flatMap(({ folder }) =>
    tablesOf(folder)
      .filter((row) => 'default' in row)
      .flatMap((row) => {
        const values = valuesIn(row['default'] ?? '')
        return namesIn(Object.values(row)[0] ?? '').flatMap((name, i) => {
          const value = values[i]
          return value === undefined ? [] : [{ name, file: `${folder}/README.md`, value }]
        })
      }),
  )
  const names = [...new Set(inTables.map(({ name }) => name))].filter((name) => said(inSource, name).size > 0)

  test.each(names)('of %s is the same in the code, in its doc comment and in the README', (name) => {
    const [code, comments] = [said(inSource, name), said(inComments, name)]
    expect(said(inTables, name)).toEqual(code)
    if (comments.size > 0) expect(comments).toEqual(code)
  })

  test('of a named limit is in a table', () => {
    const limits = inComments.filter(({ file, value }) => typeof value === 'number' && !file.endsWith('/errors.ts'))
    const missing = limits.filter(({ name }) => said(inTables, name).size === 0)
    expect(missing.map(({ file, name }) => `${file}: ${name}`)).toEqual([])
    expect(names.length).toBeGreaterThan(20)
  })
})
