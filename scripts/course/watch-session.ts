import { lookedBack } from './commands/predict.ts'
import { currentOf, type Desk } from './desk.ts'
import { type Exercise, shown } from './exercises.ts'
import { judge } from './judge.ts'
import { begin } from './learner-files.ts'
import { Sentence } from './sentence.ts'
import { watchFiles } from './watch-files.ts'
import { ACTIONS, type Controls } from './watch-keys.ts'
import { paintScreen, type Screen } from './watch-screen.ts'

/** What a session needs of a terminal. */
export interface Terminal {
  readonly rows: number
  /** Shows this text instead of all that was shown before. */
  show(text: string): void
  /** Gives the terminal to a program until it has ended; what it printed stays until a key is typed. */
  lend(program: (signal: AbortSignal) => Promise<unknown>): Promise<void>
}

/** Someone who works on an exercise: what is saved is tested, what is typed is done. */
export interface Session {
  /** A key was typed. Resolves to false when it was the last. */
  press(key: string): Promise<boolean>
  close(): void
}

export interface SessionOptions {
  /** Look at the files now and then, instead of being told. */
  readonly poll: boolean
  readonly runDemo: (exercise: Exercise, signal: AbortSignal) => Promise<unknown>
}

/** A page in front of the exercise; undefined text is what a program has printed. */
interface Page {
  readonly text: string | undefined
  readonly onKey?: ((key: string) => void) | undefined
}

/** Begins to watch the current exercise. */
export function openSession(desk: Desk, terminal: Terminal, { poll, runDemo }: SessionOptions): Session {
  let screen: Screen = { exercise: currentOf(desk), running: false }
  let page: Page | undefined
  let running: AbortController | undefined
  let stopWatching = () => {}

  function paint(): void {
    if (page === undefined) terminal.show(paintScreen(desk, screen, terminal.rows))
    else if (page.text !== undefined) terminal.show(page.text)
  }

  function open(exercise: Exercise): void {
    stopWatching()
    const made = begin(desk, exercise)
    desk.remember((state) => ({ ...state, current: exercise.id }))
    screen = {
      exercise,
      running: false,
      ...(made.length > 0 && { note: ` Made ${made.map(shown).join(', ')} for you.` }),
    }
    stopWatching = watchFiles(exercise, poll, () => void test())
    void test()
  }

  async function test(): Promise<void> {
    running?.abort()
    running = new AbortController()
    const { signal } = running
    const { exercise } = screen
    screen = { ...screen, running: true }
    paint()
    const end = await endOf(exercise, signal)
    if (signal.aborted) return // a newer run is on its way
    screen = { exercise, running: false, ...end }
    paint()
  }

  async function endOf(exercise: Exercise, signal: AbortSignal): Promise<Partial<Screen>> {
    try {
      const [verdict] = await judge(desk, [exercise], signal)
      return { verdict, note: lookedBack(desk, exercise) }
    } catch (error) {
      return { note: ` ${error instanceof Error ? error.message : error}` }
    }
  }

  const controls: Controls = {
    desk,
    get screen() {
      return screen
    },
    tell(note) {
      screen = { ...screen, note }
    },
    turnTo(text, onKey) {
      page = { text, onKey }
    },
    open,
    test: () => void test(),
    async demo() {
      page = { text: undefined }
      await terminal.lend((signal) => runDemo(screen.exercise, signal))
    },
  }

  async function act(key: string): Promise<void> {
    const before = page
    page = undefined
    if (before === undefined) await ACTIONS[key]?.(controls)
    else before.onKey?.(key)
  }

  open(screen.exercise)
  return {
    async press(key) {
      if (key === '\u0003' || (key === 'q' && page === undefined)) return false
      try {
        await act(key)
      } catch (error) {
        if (!(error instanceof Sentence)) throw error
        controls.tell(` ${error.message}`)
      }
      paint()
      return true
    },
    close() {
      running?.abort()
      stopWatching()
    },
  }
}
