import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { ROOT, shown } from '../exercises.ts'
import { Sentence } from '../sentence.ts'
import { MEMORY } from '../state.ts'

const REPOSITORY = join(MEMORY, 'mine.git')

export const save: Command = {
  name: 'save',
  usage: '[message]',
  summary: 'commit your files to a repository of your own, .course/mine.git',
  help: `Your files stay where they are; the repository of the course does not see them.
To push them somewhere: git --git-dir=.course/mine.git remote add origin <url>, then git --git-dir=.course/mine.git push origin HEAD`,
  words: Number.POSITIVE_INFINITY,
  run({ words }, desk) {
    const files = desk.exercises
      .flatMap(({ folder, work }) => work.map(({ mine }) => join(folder, mine)))
      .filter((file) => existsSync(file))
    if (files.length === 0) throw new Sentence('there is nothing of yours yet: npm run course start')
    if (!existsSync(REPOSITORY)) git(['init', '--quiet', '--bare', REPOSITORY])
    const own = [`--git-dir=${REPOSITORY}`, `--work-tree=${ROOT}`]
    git([...own, 'add', '--force', '--', ...files.map(shown)])
    if (git([...own, 'diff', '--cached', '--quiet'], [0, 1]) === 0)
      return done(desk.say, 'Nothing has changed since the last save.')
    const { exercises } = desk.state
    const finished = Object.values(exercises).filter(({ doneAt }) => doneAt !== undefined).length
    const message = words.length > 0 ? words.join(' ') : `${finished}/${desk.exercises.length} done`
    git([...own, ...identity(own), 'commit', '--quiet', '--no-verify', '--message', message])
    return done(desk.say, `${files.length} files saved in ${shown(REPOSITORY)}: ${message}`)
  },
}

function done(say: (text: string) => void, sentence: string): number {
  say(sentence)
  return 0
}

/** A learner who has told git no name can save all the same. */
function identity(own: readonly string[]): string[] {
  const known = git([...own, 'config', 'user.email'], [0, 1]) === 0
  return known ? [] : ['-c', 'user.name=learner', '-c', 'user.email=learner@localhost']
}

/** @throws Sentence when there is no git, or it ends with another code than these */
function git(args: readonly string[], codes: readonly number[] = [0]): number {
  const { status, error, stderr } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
  if (error !== undefined)
    throw new Sentence('git is not there; copy the files that are yours by hand: npm run course list')
  if (status === null || !codes.includes(status)) throw new Sentence(`git could not save: ${stderr.trim()}`)
  return status
}
