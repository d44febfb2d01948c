import type { FieldLine } from './field-line.ts'
import { Fields, type FieldsInit } from './fields.ts'

const NO_FIELDS: Fields = new Fields()

/** The lines that the last record made, and the fields that are made of them. */
let lastLines: readonly FieldLine[] = []
let lastFields: Fields = NO_FIELDS

/**
 * The fields of an answer. Throws as {@link Fields} does.
 *
 * A handler says the same again and again, in a record that is new each time. Fields are immutable: those of the last record
 * serve for the next one that says the same (`npm run bench:http -- --only server`).
 */
export function answerFields(init: FieldsInit | undefined): Fields {
  if (init === undefined) return NO_FIELDS
  if (init instanceof Fields) return init
  return Symbol.iterator in init ? new Fields(init) : fieldsOfRecord(init as Readonly<Record<string, string>>)
}

function fieldsOfRecord(record: Readonly<Record<string, string>>): Fields {
  const names = Object.keys(record)
  if (saysTheSame(record, names)) return lastFields
  const lines = names.map((name): FieldLine => [name, record[name] as string])
  lastFields = new Fields(lines)
  lastLines = lines
  return lastFields
}

function saysTheSame(record: Readonly<Record<string, string>>, names: readonly string[]): boolean {
  if (names.length !== lastLines.length) return false
  for (let i = 0; i < names.length; i++) {
    const [name, value] = lastLines[i] as FieldLine
    if (names[i] !== name || record[name] !== value) return false
  }
  return true
}
