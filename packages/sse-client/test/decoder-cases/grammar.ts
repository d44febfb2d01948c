import { comment, message, type Row, type Sentence, sentence, written } from './case.ts'

/** What is a character of a line, and no end of one, although it is one elsewhere, or shows as nothing. */
const ODD = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
    (char) => char !== '\n' && char !== '\r',
  ),
  ...['\x7f', '\x80', '\x85', '\xa0', '\xad', '\u200b', '\u2028', '\u2029', '\u202e', '\ufeff', '\ufffd', '\ufffe'],
  ...['\uffff', '\u{1f600}', '\u{10ffff}'],
]

const NAMES = [
  '\0',
  '\t',
  '\v',
  '\f',
  '\x1c',
  ' ',
  '9',
  ';',
  '\x7f',
  '\x85',
  'é',
  '\u2028',
  '\ufeff',
  '🎉',
  '\u{10ffff}',
]

const ends: readonly string[] = ['\n', '\r', '\r\n']

/** An event of two lines, ended in every way: only a CR and a LF for the last two make one end of them. */
const ENDED: readonly Row[] = ends.flatMap((first) =>
  ends.flatMap((second) =>
    ends.map((third): Row => {
      const isOne = second === '\r' && third === '\n'
      const why = `${written(first)}, then ${written(second)} and ${written(third)}${isOne ? ', which are one end' : ''}`
      return [why, `data: a${first}data: b${second}${third}`, isOne ? [] : [message('a\nb')]]
    }),
  ),
)

export const GRAMMAR: readonly Sentence[] = [
  sentence(
    '§9.2.5',
    'stream = [ bom ] *event',
    ['nothing is a stream', ''],
    ['a BOM is a stream', '\ufeff'],
    ['an event with nothing in it', '\n'],
    ['several of them', '\n\r\n\r\r\n'],
    ['two events', 'data: a\n\ndata: b\n\n', [message('a'), message('b')]],
    ['a BOM and an event', '\ufeffdata: a\n\n', [message('a')]],
    ['a BOM and a comment', '\ufeff: a\n\n', [comment('a')]],
    ['a BOM and a blank line', '\ufeff\ndata: a\n\n', [message('a')]],
    ['a BOM between two events', 'data: a\n\n\ufeffdata: b\n\n', [message('a')]],
  ),
  sentence(
    '§9.2.5',
    'event = *( comment / field ) end-of-line',
    ['a comment alone', ': a\n\n', [comment('a')]],
    ['a comment in front', ': a\ndata: b\n\n', [comment('a'), message('b')]],
    ['a comment behind', 'data: b\n: a\n\n', [comment('a'), message('b')]],
    ['a comment in between', 'data: b\n: a\ndata: c\n\n', [comment('a'), message('b\nc')]],
    ['comments on both sides of the end', 'data: b\n: a\n\n: c\n', [comment('a'), message('b'), comment('c')]],
  ),
  sentence(
    '§9.2.5',
    'comment = colon *any-char end-of-line',
    ['a colon', ':\n', [comment('')]],
    ['two colons', '::\n', [comment(':')]],
    ['a colon and a space', ': \n', [comment('')]],
    ['text without a space', ':a\n', [comment('a')]],
    ['text behind two spaces', ':  a\n', [comment(' a')]],
    ['what looks like a field', ':data: a\n\n', [comment('data: a')]],
    ['what looks like one behind a space', ': data: a\n\n', [comment('data: a')]],
    ['not ASCII', ': é🎉\n', [comment('é🎉')]],
    ['NUL', ': \0\n', [comment('\0')]],
    ['a comment ended by CR', ': a\r\r', [comment('a')]],
    ['a comment ended by CRLF', ': a\r\n', [comment('a')]],
    ['a comment that never ends', ': a'],
    [
      '2 KiB to fill the buffer of a proxy',
      `:${' '.repeat(2048)}\n\ndata: a\n\n`,
      [comment(' '.repeat(2047)), message('a')],
    ],
  ),
  sentence(
    '§9.2.5',
    'field = 1*name-char [ colon [ space ] *any-char ] end-of-line',
    ['a name', 'data\n\n', [message('')]],
    ['a name and a colon', 'data:\n\n', [message('')]],
    ['a name, a colon and a space', 'data: \n\n', [message('')]],
    ['a name, a colon and a value', 'data:a\n\n', [message('a')]],
    ['all of it', 'data: a\n\n', [message('a')]],
    ['a blank is a name-char, and so is this a name', ' \ndata: a\n\n', [message('a')]],
    ['a tab likewise', '\t\ndata: a\n\n', [message('a')]],
  ),
  sentence('§9.2.5', 'end-of-line = ( cr lf / cr / lf )', ...ENDED),
  sentence(
    '§9.2.5',
    'name-char = %x0000-0009 / %x000B-000C / %x000E-0039 / %x003B-10FFFF',
    ...NAMES.flatMap((char): Row[] => [
      [
        `${written(char)} in front of a name`,
        `${char}data: no\ndata: a\n\n`,
        char === '\ufeff' ? [message('no\na')] : [message('a')],
      ],
      [`${written(char)} behind one`, `data${char}: no\ndata: a\n\n`, [message('a')]],
      [`${written(char)} for a name`, `data: a\n${char}: no\n\n`, [message('a')]],
    ]),
  ),
  sentence(
    '§9.2.5',
    'any-char = %x0000-0009 / %x000B-000C / %x000E-10FFFF',
    ...ODD.map((char): Row => [`${written(char)} in data`, `data: a${char}b\n\n`, [message(`a${char}b`)]]),
    ...['\0', '\t', '\v', '\f', '\x1e', '\x85', '\u2028'].map(
      (char): Row => [`${written(char)} is all of the data`, `data:${char}\n\n`, [message(char)]],
    ),
    ['a colon in a value', 'data: a:b: c::\n\n', [message('a:b: c::')]],
    ['a backslash and an n are two characters', 'data: a\\nb\n\n', [message('a\\nb')]],
  ),
]
