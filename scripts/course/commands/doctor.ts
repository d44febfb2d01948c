import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { ROOT } from '../exercises.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'what this machine has: Node, the programs that labs use, ports',
  words: 0,
  run(_given, desk) {
    const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'doctor.mjs')], { stdio: 'inherit' })
    const labs = desk.exercises.filter(({ kind }) => kind === 'lab').map(({ id }) => id)
    if (labs.length > 0)
      desk.say(
        `\nlabs (${labs.join(', ')}): what is absent above, a lab shows from its recording: course lab <id> --replay`,
      )
    return status ?? 1
  },
}
