import type { Command } from '../command.ts'
import { findBreakages, runOneBreakage } from '../experiments.ts'
import { didYouMean } from '../nearest.ts'
import { WrongUsage } from '../sentence.ts'

export const breakIt: Command = {
  name: 'break',
  usage: '[name]',
  summary: 'break a stream on purpose, with the x-ray open on it; without a name: in which ways',
  help: 'On a terminal the x-ray stays open until you press q. Then you see what four clients made of the stream.',
  async run({ words: [word] }, desk) {
    const all = await findBreakages()
    if (word === undefined) {
      for (const { name, says } of all) desk.say(` ${name.padEnd(11)} ${says}`)
      return 0
    }
    const found = all.find(({ name }) => name === word)
    if (found !== undefined) return await runOneBreakage(found, desk)
    const names = all.map(({ name }) => name)
    throw new WrongUsage(`nothing is broken as ${word}${didYouMean(word, names)}: there are ${names.join(', ')}`)
  },
}
