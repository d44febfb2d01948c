import { once } from 'node:events'
import type { Command } from '../command.ts'
import { currentOf, type Desk, exerciseNamed } from '../desk.ts'
import { type Exercise, shown } from '../exercises.ts'
import { judge } from '../judge.ts'
import { begin, mainFile } from '../learner-files.ts'
import { runProgram } from '../program.ts'
import { progressLine, verdictText } from '../view.ts'
import { watchFiles } from '../watch-files.ts'
import { openSession, type Terminal } from '../watch-session.ts'
import { nextLines } from './check.ts'

export const watch: Command = {
  name: 'watch',
  usage: '[id] [--poll] [--once]',
  summary: 'test the current exercise whenever you save; also without a word',
  help: `In a terminal it shows keys for all that you may want next. In a pipe it prints, and Ctrl-C ends it.
--once tests, prints and ends: what npm run course does in a pipe, where nobody may be there to press Ctrl-C.
--poll looks at the files twice a second, where the system does not tell of changes (some containers).`,
  options: { poll: 'flag', once: 'flag' },
  async run({ words: [word], flags }, desk) {
    if (word !== undefined) desk.remember((state) => ({ ...state, current: exerciseNamed(desk, word).id }))
    if (flags.has('once')) {
      await testOnce(desk)
      return 0
    }
    const isScreen = process.stdin.isTTY && process.stdout.isTTY
    if (isScreen) await watchOnScreen(desk, flags.has('poll'))
    else await watchInPlain(desk, flags.has('poll'))
    return 0
  },
}

const CLEAR = '\u001b[2J\u001b[H'
const CTRL_C = '\u0003'

async function watchOnScreen(desk: Desk, poll: boolean): Promise<void> {
  const { stdin, stdout } = process
  let lent: AbortController | undefined
  const terminal: Terminal = {
    get rows() {
      return stdout.rows
    },
    show: (text) => stdout.write(`${CLEAR}${text}`),
    async lend(program) {
      lent = new AbortController()
      stdout.write(CLEAR)
      await program(lent.signal)
      lent = undefined
      stdout.write('\n any key: back')
    },
  }
  const runDemo = (exercise: Exercise, signal: AbortSignal) => runProgram(exercise, exercise.demo, { signal })
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  const session = openSession(desk, terminal, { poll, runDemo })
  try {
    await new Promise<void>((resolve, reject) => {
      stdin.on('end', resolve)
      stdin.on('data', (key: string) => {
        if (lent === undefined) session.press(key).then((goOn) => goOn || resolve(), reject)
        else if (key === CTRL_C) lent.abort() // what runs is ended, not the course
      })
    })
  } finally {
    session.close()
    stdin.setRawMode(false)
    stdin.pause()
    stdout.write('\n')
  }
}

async function testOnce(desk: Desk): Promise<void> {
  const exercise = beginCurrent(desk)
  await printRun(desk, exercise)
  desk.say('\nnpm run course watch     test it whenever you save')
}

function beginCurrent(desk: Desk): Exercise {
  const exercise = currentOf(desk)
  for (const file of begin(desk, exercise)) desk.say(`made ${shown(file)}`)
  return exercise
}

/** Prints what came of each run, one below the other. */
async function watchInPlain(desk: Desk, poll: boolean): Promise<void> {
  const exercise = beginCurrent(desk)
  let running: AbortController | undefined
  const test = async () => {
    running?.abort()
    const mine = new AbortController()
    running = mine
    try {
      await printRun(desk, exercise, mine.signal)
      desk.say(`\nwaiting for a change of ${shown(mainFile(exercise))} (Ctrl-C ends)\n`)
    } catch (error) {
      if (!mine.signal.aborted) throw error
    }
  }
  const interrupted = once(process, 'SIGINT') // from the first run on: what was started is to end with us
  const stop = watchFiles(exercise, poll, () => void test())
  await Promise.race([test(), interrupted])
  await interrupted
  running?.abort()
  stop()
}

async function printRun(desk: Desk, exercise: Exercise, signal?: AbortSignal): Promise<void> {
  const [verdict] = await judge(desk, [exercise], signal)
  if (verdict === undefined) return
  desk.say([progressLine(desk, exercise), verdictText(desk, verdict), '', ...nextLines(desk, verdict)].join('\n'))
}
