import { readFileSync } from 'node:fs'

/** The members of `export type <name> = 'a' | 'b'` in a source file, in the order they are written. */
export function unionIn(file: string, name: string): string[] {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const declared = new RegExp(`^export type ${name} =\\s*((?:\\s*\\|? *'[^']+'(?: *//.*)?)+)`, 'm').exec(source)
  const members = [...(declared?.[1] ?? '').replaceAll(/\/\/.*/g, '').matchAll(/'([^']+)'/g)].map(
    ([, member = '']) => member,
  )
  if (members.length === 0) throw new Error(`${file} has no union ${name}`)
  return members
}
