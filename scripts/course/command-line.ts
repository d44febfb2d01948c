import type { Command, Given } from './command.ts'
import { didYouMean } from './nearest.ts'
import { WrongUsage } from './sentence.ts'

/**
 * Reads what stands behind the name of a command.
 *
 * @param env where npm leaves options that it keeps for itself: `npm run course list --json` arrives as npm_config_json
 * @throws WrongUsage that names the option, or the word too many
 */
export function readGiven(command: Command, args: readonly string[], env: NodeJS.ProcessEnv): Given {
  const { options = {}, name } = command
  const words: string[] = []
  const flags = new Set(
    Object.keys(options).filter((option) => options[option] === 'flag' && env[`npm_config_${option}`] === 'true'),
  )
  const values = new Map<string, string>()
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('-') || arg === '-') words.push(arg)
    else if (arg !== '--') readOption(arg)
  }
  const most = command.words ?? 1
  if (words.length > most) throw new WrongUsage(`course ${name} does not know what to do with "${words[most]}"`)
  return { words, flags, values }

  function readOption(arg: string): void {
    const [, option = '', value] = /^--?([^=]*)(?:=(.*))?$/.exec(arg) ?? []
    const kind = options[option]
    if (kind === undefined)
      throw new WrongUsage(`course ${name} has no option ${arg}${didYouMean(option, Object.keys(options))}`)
    if (kind === 'flag') flags.add(option)
    else values.set(option, value ?? rest.shift() ?? '')
  }
}
