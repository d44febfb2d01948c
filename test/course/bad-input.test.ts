import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { copyCourse } from './course-copy.ts'

// Each starts the course as a program, most of them more than once.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 })

// What a learner can do to the course. Each gets a sentence and what to do next; nothing of theirs is ever lost.

const ANSWER = `import type { EncodeChunk } from './contract.ts'
export const encodeChunk: EncodeChunk = (data) => Buffer.from(data.length.toString(16) + '\\r\\n' + Buffer.from(data) + '\\r\\n')
`
/** An answer with this in front of its work. */
const doing = (statement: string) =>
  ANSWER.replace('=> Buffer', `=> { ${statement}; return Buffer`).trimEnd().concat(' }\n')

const WRONG: Readonly<Record<number, { readonly code: string; readonly words: RegExp; readonly name: string }>> = {
  3: {
    name: 'code that is no code',
    code: `${ANSWER}\nconst x = ;\n`,
    words: /^phases\/1-chunked\/03-one-chunk\/exercise\.ts:4:11 is not TypeScript: Unexpected token$/,
  },
  4: {
    name: 'a loop without an end',
    code: doing('for (;;);'),
    words: /^exercise\.ts was busy for 5 s and never came back: a loop without an end\? It was stopped\.$/,
  },
  5: {
    name: 'a thrown text',
    code: doing("throw 'boo'"),
    words: /^Your code threw "boo", which is no Error: /,
  },
  6: {
    name: 'a server that still listens',
    code: `import { createServer } from 'node:net'\n${doing('createServer().listen(0)')}`,
    words: /^1 server still listens after "a chunk is its size, CR LF, its data, CR LF": close what you open/,
  },
  7: {
    name: 'a function that is not exported',
    code: ANSWER.replace('export const', 'const'),
    words: /^There is no function encodeChunk exported: export const encodeChunk = …$/,
  },
  8: {
    name: 'an import of what is not there',
    code: `import './contrakt.ts'\n${ANSWER}`,
    words: /^There is no \.\/contrakt\.ts, which is imported\.$/,
  },
  9: {
    name: 'a call to another machine',
    code: `import { connect } from 'node:net'\n${doing("connect(80, 'example.com')")}`,
    words: /^it calls example\.com: everything in this course lives on 127\.0\.0\.1$/,
  },
  10: {
    name: 'an error of its own',
    code: doing("throw new RangeError('too far')"),
    words: /^RangeError: too far\n\nat phases\/1-chunked\/10-one-chunk\/exercise\.ts:2:\d+$/,
  },
  11: {
    name: 'a process that ends itself',
    code: doing('process.exit(0)'),
    words: /^Error: process\.exit unexpectedly called with "0"/,
  },
}

interface Entry {
  readonly id: string
  readonly state: string
  readonly failure?: { readonly text: string }
}

describe('code that goes wrong', () => {
  const numbers = [2, ...Object.keys(WRONG).map(Number), 12]
  const copy = copyCourse(numbers)
  afterAll(() => copy[Symbol.dispose]())
  let entries: Entry[] = []

  test('does not keep the course from judging the rest', { timeout: 600_000 }, async () => {
    copy.write(2, ANSWER.replace('=> Buffer.from(data.length', '=> data.length === 0 ? data : Buffer.from(data.length'))
    for (const [number, { code }] of Object.entries(WRONG)) copy.write(Number(number), code)
    const { code, stdout, stderr } = await copy.course(['check', 'all', '--json'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    entries = JSON.parse(stdout)
    expect(entries.map(({ id }) => id)).toEqual(numbers.map((number) => `1.${number}`))
  })

  test.each(Object.entries(WRONG).map(([number, { name, words }]) => ({ id: `1.${number}`, name, words })))(
    'is told in a sentence: $name',
    ({ id, words }) => {
      const text = entries.find((entry) => entry.id === id)?.failure?.text ?? ''
      expect(text).toMatch(words)
      expect(text).not.toMatch(/^ +at |node_modules|scripts\/course/m)
    },
  )

  test('is told from a file that is not there yet', () => {
    expect(entries.at(-1)).toMatchObject({
      state: 'missing',
      failure: { text: 'There is no exercise.ts yet: npm run course start' },
    })
  })
})

describe('words that mean nothing', () => {
  const copy = copyCourse([2, 4])
  afterAll(() => copy[Symbol.dispose]())

  test.each([
    [['check', '1.3'], 'there is no exercise 1.3: did you mean '],
    [['goto', 'one-chnk'], 'there is no exercise one-chnk: did you mean one-chunk'],
    [['chek'], 'there is no command chek: did you mean check?'],
    [['list', '--jsn'], 'course list has no option --jsn: did you mean json?'],
    [['lab', '1.2'], '1.2 is no lab: there is none yet'],
    [['predict', '1.2', 'z'], 'an answer is a to c, not z'],
  ])('%j: exit code 2, and the nearest that has a meaning', async (args, sentence) => {
    const { code, stdout, stderr } = await copy.course(args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`course: ${sentence}`) })
    expect(stdout).not.toMatch(/^ +at /m)
  })
})

describe('a memory that was damaged', () => {
  test.each([
    ['half-written', '{"version":1,"exer'],
    ['of another version', '{"version":2,"exercises":{}}'],
  ])('%s is put aside, and the course goes on', async (_, text) => {
    using copy = copyCourse([2])
    mkdirSync(join(copy.root, '.course'))
    writeFileSync(join(copy.root, '.course/state.json'), text)
    const { code, stdout, stderr } = await copy.course(['list'])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^course: \.course\/state\.json could not be read;.*check all/),
    })
    expect(stdout).toContain('1.2  One chunk')
    expect(readFileSync(join(copy.root, '.course/state.json.bak'), 'utf8')).toBe(text)
  })

  test('that cannot be written costs no file and no answer', async () => {
    using copy = copyCourse([2])
    writeFileSync(join(copy.root, '.course'), 'a file where the folder should be')
    const { code, stdout, stderr } = await copy.course(['start'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('made phases/1-chunked/02-one-chunk/exercise.ts'),
    })
    expect(stderr).toMatch(
      /^course: cannot write \.course\/state\.json: there is a file where a folder should be\. Your progress/,
    )
  })

  test('that is gone is found again by check all', { timeout: 600_000 }, async () => {
    using copy = copyCourse([2])
    copy.write(2, readFileSync(join(copy.folder(2), 'solution.ts'), 'utf8'))
    const { code } = await copy.course(['check', 'all'])
    rmSync(join(copy.root, '.course'), { recursive: true })
    const again = await copy.course(['check', 'all'])
    expect([code, again.code]).toEqual([0, 0])
    expect(again.stdout).toContain('1/1')
    expect((await copy.course(['list'])).stdout).toContain('✓ done')
  })
})

describe("a learner's file", () => {
  const own = '// mine\n'

  test('is never written over: not by start, not by goto', async () => {
    using copy = copyCourse([2])
    copy.write(2, own)
    for (const args of [['start'], ['goto', '1.2']]) expect(await copy.course(args)).toMatchObject({ code: 0 })
    expect(readFileSync(join(copy.folder(2), 'exercise.ts'), 'utf8')).toBe(own)
  })

  test('is kept by reset, and undo brings it back', async () => {
    using copy = copyCourse([2])
    copy.write(2, own)
    const { stdout } = await copy.course(['reset', '1.2'])
    expect(stdout).toContain('Kept: .course/history/1.2/')
    const stub = readFileSync(join(copy.folder(2), 'stub.ts'), 'utf8')
    expect(readFileSync(join(copy.folder(2), 'exercise.ts'), 'utf8')).toBe(stub)
    expect(await copy.course(['undo', '1.2'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(copy.folder(2), 'exercise.ts'), 'utf8')).toBe(own)
  })

  test('stays where it is when it cannot be kept', async () => {
    using copy = copyCourse([2])
    copy.write(2, own)
    writeFileSync(join(copy.root, '.course'), '')
    const { code, stderr } = await copy.course(['reset', '1.2'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^course: cannot write \.course\/history\/1\.2\//),
    })
    expect(readFileSync(join(copy.folder(2), 'exercise.ts'), 'utf8')).toBe(own)
    expect(readdirSync(copy.folder(2)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('goes with its folder: an exercise that was renamed keeps its id and its state', async () => {
    using copy = copyCourse([2])
    copy.write(2, own)
    await copy.course(['goto', '1.2'])
    renameSync(copy.folder(2), copy.folder(2).replace('one-chunk', 'a-chunk'))
    const { code, stdout } = await copy.course(['list', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)[0]).toMatchObject({
      id: '1.2',
      current: true,
      file: 'phases/1-chunked/02-a-chunk/exercise.ts',
    })
  })

  test('from an older stub is told from one of now', async () => {
    using copy = copyCourse([2])
    await copy.course(['start'])
    writeFileSync(join(copy.folder(2), 'stub.ts'), '// another stub\n')
    expect((await copy.course(['list'])).stdout).toMatch(/1\.2 .* !$/m)
    expect((await copy.course(['diff', '--stub', '1.2'])).stdout).toContain('+ // another stub')
  })

  test('is not shown beside the answer, nor is the answer, before it passes: without a terminal it wants a word', async () => {
    using copy = copyCourse([2])
    copy.write(2, own)
    for (const command of ['solution', 'diff']) {
      const { code, stdout, stderr } = await copy.course([command, '1.2'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Say --yes if you mean it.')
      expect(await copy.course([command, '1.2', '--yes'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('toString(16)'),
      })
    }
    expect(existsSync(join(copy.folder(2), 'exercise.ts'))).toBe(true)
  })
})
