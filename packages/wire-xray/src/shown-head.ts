import { Fields } from '@sse-from-scratch/http-raw'
import { CREDENTIALS } from '@sse-from-scratch/http-raw/headers'
import type { Head } from './heads.ts'
import { createQueryGrammar } from './query-grammar.ts'

/** The head as anybody may see it: credential fields and keys in the query are stars, one for a character. */
export function shownHead(head: Head): Head {
  const fields = shownFields(head.fields)
  if (!('target' in head)) return fields === head.fields ? head : { ...head, fields }
  return { ...head, target: shownTarget(head.target), fields }
}

function shownFields(fields: Fields): Fields {
  if (!CREDENTIALS.some((name) => fields.has(name))) return fields
  const lines = Array.from(fields, ([name, value]) => [name, isCredential(name) ? stars(value) : value] as const)
  return new Fields(lines)
}

function isCredential(name: string): boolean {
  return CREDENTIALS.includes(name.toLowerCase())
}

function shownTarget(target: string): string {
  if (!target.includes('?')) return target
  const isSecret = createQueryGrammar()
  return Array.from(target, (character) => (isSecret(character.charCodeAt(0)) ? '*' : character)).join('')
}

function stars(value: string): string {
  return '*'.repeat(value.length)
}
