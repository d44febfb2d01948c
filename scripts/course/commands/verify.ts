import type { Command } from '../command.ts'
import { WrongUsage } from '../sentence.ts'
import { verifyAndSay } from '../verify.ts'

export const verify: Command = {
  name: 'verify',
  usage: '[id|phase …] [--write] [--repeat N]',
  summary: 'check what every exercise promises',
  help: `The stub is not started, the answer and the package pass, each wrong answer fails and is named, hints and briefs are whole.
--write takes what learners see now as what they are to see (__failures__): read the difference in git before you believe it.
--repeat N runs the tests of the answers N times instead: they must pass each time.`,
  options: { write: 'flag', repeat: 'value' },
  words: Number.POSITIVE_INFINITY,
  forAuthors: true,
  run({ words, flags, values }) {
    const repeat = values.get('repeat')
    if (repeat !== undefined && !/^[1-9]\d*$/.test(repeat))
      throw new WrongUsage(`--repeat wants a number, not ${repeat}`)
    return verifyAndSay(words, flags.has('write'), repeat === undefined ? undefined : Number(repeat))
  },
}
