import type { Command } from '../command.ts'
import { exerciseNamed, noted } from '../desk.ts'
import { allHints, hintText, nextHint } from '../hinting.ts'

export const hint: Command = {
  name: 'hint',
  usage: '[id]',
  summary: 'the next hint: first the one for the mistake that your last run made',
  help: 'There are three tiers, from a nudge to almost the code. When you have passed, it shows them all.',
  run({ words: [word] }, desk) {
    const exercise = exerciseNamed(desk, word)
    const hints = noted(desk, exercise).doneAt === undefined ? [nextHint(desk, exercise)] : allHints(exercise)
    desk.say(hints.map((shown) => hintText(shown, desk.style.columns)).join('\n\n'))
    return 0
  },
}
