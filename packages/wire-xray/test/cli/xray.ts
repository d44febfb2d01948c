import { PassThrough, type Readable } from 'node:stream'
import { run } from '../../src/cli/run.ts'

/** The command, under way in this process. */
export interface Running {
  /** Looks until the output has it; the test's own timeout is the end of that. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Ctrl-C. */
  stop(): void
  readonly ended: Promise<Result>
}

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export function xray(
  argv: readonly string[],
  { input = '', env = {} }: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Running {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const said = { stdout: '', stderr: '' }
  const looks = new Set<() => void>()
  let stop = () => {}
  const keep = (stream: Readable, name: keyof typeof said) =>
    stream.on('data', (part) => {
      said[name] += String(part)
      for (const look of looks) look()
    })
  keep(stdout, 'stdout')
  keep(stderr, 'stderr')
  stdin.end(input)
  const ended = run(argv, env, {
    stdin,
    stdout,
    stderr,
    onInterrupt(interrupt) {
      stop = interrupt
      return () => {}
    },
    onExit: () => () => {},
  }).then((code) => ({ code, ...said }))
  return {
    ended,
    stop: () => stop(),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.stdout) ?? pattern.exec(said.stderr)
          if (match) resolve(match)
        }
        looks.add(look)
        look()
        ended.then(({ code }) => reject(new Error(`ended with ${code}\n${said.stdout}${said.stderr}`)), reject)
      }),
  }
}

/** The whole of it. */
export function xrayed(argv: readonly string[], options?: Parameters<typeof xray>[1]): Promise<Result> {
  return xray(argv, options).ended
}
