import { expect, test } from 'vitest'
import { type PosterFile, posterFiles } from '../scripts/docs/posters.ts'

const files = await posterFiles()
const pictures = files.filter(({ path }) => path.endsWith('.svg'))

test('every poster is what is captured and drawn today', () => {
  expect(
    files.filter(({ upToDate }) => !upToDate).map(({ path }) => path),
    'npm run docs:posters draws them',
  ).toEqual([])
})

test('a poster drawn twice is the same twice: no clock, no port, no chance', async () => {
  expect((await posterFiles()).map(textOf)).toEqual(files.map(textOf))
})

test.each(pictures.map((file) => ({ name: nameOf(file), ...file })))(
  '$name has a title and a description, and colours for dark pages',
  ({ text }) => {
    expect(text).toMatch(/<title id="title">.{10,}<\/title>\n<desc id="desc">.{30,}<\/desc>/)
    expect(text).toContain('@media (prefers-color-scheme:dark)')
  },
)

test.each(pictures.map((file) => ({ name: nameOf(file), ...file })))('$name stays inside its frame', ({ text }) => {
  const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(text)?.map(Number) ?? []
  expect(width).toBeLessThanOrEqual(900)
  for (const [, x, y] of text.matchAll(/ x="([\d.]+)" y="([\d.]+)"/g)) {
    expect(Number(x)).toBeLessThan(width)
    expect(Number(y)).toBeLessThan(height)
  }
})

test('every byte of a poster has its value in the picture', () => {
  const values = (name: string) =>
    Array.from(
      pictures.find((file) => nameOf(file) === name)?.text.matchAll(/class="mono mid">([0-9a-f]{2})</g) ?? [],
      ([, hex = '']) => hex,
    )
  const text = (name: string) => Buffer.from(values(name).join(''), 'hex').toString()
  expect(text('http-request.svg')).toMatch(/^POST \/echo HTTP\/1\.1\r\n.*\r\n\r\nhello$/s)
  expect(text('chunked.svg')).toBe(
    '5\r\nhello\r\n7\r\n wörld\r\n1a\r\n, where 26 is written 1a.\n\r\n0\r\nChunks: 3\r\n\r\n',
  )
})

test('what a client says of each ending is what the page tells', () => {
  const page = files.find(({ path }) => path.endsWith('README.md'))?.text ?? ''
  const verdicts = Array.from(page.matchAll(/ \| (?:FIN|RST|silence) \| `(\w+)` \| /g), ([, verdict]) => verdict)
  expect(verdicts).toEqual([
    'complete',
    'CHUNKED_INCOMPLETE',
    'TCP_RESET',
    'TCP_TIMEOUT',
    'HTTP_INCOMPLETE',
    'complete',
  ])
})

function textOf({ text }: PosterFile): string {
  return text
}

function nameOf({ path }: PosterFile): string {
  return path.replace(/^.*[\\/]/, '')
}
