import type { Command } from '../command.ts'
import { verifyAndSay } from '../verify.ts'

export const verify: Command = {
  name: 'verify',
  usage: '[id|phase …] [--write]',
  summary: 'check what every exercise promises',
  help: `The stub is not started, the answer and the package pass, each wrong answer fails and is named, hints and briefs are whole.
--write takes what learners see now as what they are to see (__failures__): read the difference in git before you believe it.`,
  options: { write: 'flag' },
  words: Number.POSITIVE_INFINITY,
  forAuthors: true,
  run: ({ words, flags }) => verifyAndSay(words, flags.has('write')),
}
