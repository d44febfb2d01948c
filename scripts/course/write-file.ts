import { constants, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { shown } from './exercises.ts'
import { reasonOf, Sentence } from './sentence.ts'

/**
 * Writes a file as a whole or not at all: beside it first, then in its place.
 *
 * @throws Sentence when it cannot be written
 */
export function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`
  said(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    try {
      writeFileSync(beside, text)
      renameSync(beside, file)
    } finally {
      rmSync(beside, { force: true })
    }
  })
}

/**
 * Copies a file, folders included; one that is there already is never written over.
 *
 * @returns false when there was one
 * @throws Sentence when it cannot be written
 */
export function copyNew(from: string, to: string): boolean {
  return said(to, () => {
    mkdirSync(dirname(to), { recursive: true })
    try {
      copyFileSync(from, to, constants.COPYFILE_EXCL)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw error
    }
  })
}

function said<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new Sentence(`cannot write ${shown(file)}: ${reasonOf(error)}`)
  }
}
