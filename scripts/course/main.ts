// npm run course [command]: the course at the command line. Its commands are in commands/, a file each.

import { readGiven } from './command-line.ts'
import { COMMANDS } from './commands.ts'
import { openDesk } from './desk.ts'
import { helpFor, overview } from './help.ts'
import { didYouMean } from './nearest.ts'
import { Sentence, WrongUsage } from './sentence.ts'

process.exitCode = await main(process.argv.slice(2))

/** @returns the exit code: 2 for what was asked for wrongly */
async function main(args: readonly string[]): Promise<number> {
  try {
    return await obey(args)
  } catch (error) {
    if (!(error instanceof Sentence)) throw error
    process.stderr.write(`course: ${error.message}\n`)
    return error instanceof WrongUsage ? 2 : 1
  }
}

async function obey([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) return obey(process.stdin.isTTY && process.stdout.isTTY ? ['watch'] : ['watch', '--once'])
  if (['help', '--help', '-h'].includes(name)) return help(args[0])
  if (args.includes('--help') || args.includes('-h')) return help(name)
  const command = commandNamed(name)
  return await command.run(readGiven(command, args, process.env), openDesk())
}

function help(name: string | undefined): number {
  process.stdout.write(`${name === undefined ? overview() : helpFor(commandNamed(name))}\n`)
  return 0
}

function commandNamed(name: string) {
  const found = COMMANDS.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = COMMANDS.map((command) => command.name)
  throw new WrongUsage(`there is no command ${name}${didYouMean(name, names)}\n"npm run course help" lists them all.`)
}
