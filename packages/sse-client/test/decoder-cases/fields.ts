import { event, message, type Row, retry, type Sentence, sentence, written } from './case.ts'

/** Nearly the names of fields, and names that mean something elsewhere: in HTTP, in JavaScript. */
const UNKNOWN = [
  ...['d', 'da', 'dat', 'dataa', 'datas', 'adata', 'data-', 'data.', 'data[]', 'dataid', 'iddata', 'date'],
  ...['e', 'even', 'events', 'event-', 'i', 'id-', 'ids', 'iid', 'i d', 'retr', 'retry-after', 'retries'],
  ...['message', 'type', 'lastEventId', 'Last-Event-ID', 'Content-Type', 'comment', 'name', 'value', 'data event'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'null', 'undefined', '0', '-1', '{}', '"data"'],
  ...['ｄａｔａ', 'dаta', 'ıd', 'ID\u0307', 'дата', '日本語'],
]

const CASED = ['Data', 'DATA', 'dATA', 'datA', 'Id', 'ID', 'iD', 'Event', 'EVENT', 'evenT', 'Retry', 'RETRY', 'retrY']

const NO_NUMBERS = [
  ...[
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x5',
    '1_000',
    '1,000',
    ' 1',
    '1 ',
    '\t1',
    '1\t',
    '1\0',
    '\u00a01',
    '5ms',
    '5 s',
    'soon',
  ],
  ...['NaN', 'Infinity', '1n', '-', '٣', '３', '１0', '²', '0b1', '1;2', '"1"'],
]

const TIMES: readonly (readonly [text: string, milliseconds: number])[] = [
  ['0', 0],
  ['1', 1],
  ['007', 7],
  ['3000', 3000],
  ['0'.repeat(40), 0],
  [`${'0'.repeat(40)}7`, 7],
  // what follows is not the letter: a timer holds 31 bits, and more would be no wait at all (reading 5)
  ['2147483647', 2 ** 31 - 1],
  ['2147483648', 2 ** 31 - 1],
  ['4294967296', 2 ** 31 - 1],
  ['9007199254740993', 2 ** 31 - 1],
  ['9'.repeat(400), 2 ** 31 - 1],
]

export const FIELDS: readonly Sentence[] = [
  sentence(
    '§9.2.6',
    'Collect the characters on the line before the first U+003A COLON character (:), and let field be that string.',
    ['a value that looks like a field', 'data: id: 5\n\n', [message('id: 5')]],
    ['a value that looks like one without a space', 'data:event:x\n\n', [message('event:x')]],
    ['a colon that comes too early', 'da:ta: a\ndata: b\n\n', [message('b')]],
    ['a value that begins with a colon', 'data::a\n\n', [message(':a')]],
    ['a value of colons', 'data::::\n\n', [message(':::')]],
    ['an id with a colon', 'id: a:1\ndata: a\n\n', [message('a', 'a:1')], 'a:1'],
    ['a type with a colon', 'event: a:1\ndata: a\n\n', [event('a:1', 'a')]],
  ),
  sentence(
    '§9.2.6',
    'Collect the characters on the line after the first U+003A COLON character (:), and let value be that string.',
    ['a name nobody knows takes its value along', 'foo:data: a\ndata: b\n\n', [message('b')]],
    ['a value that ends with a blank', 'data: a \n\n', [message('a ')]],
    ['a value with blanks in it', 'data: a  b\n\n', [message('a  b')]],
    ['a URL', 'data: http://a.test:80/?b=c:d\n\n', [message('http://a.test:80/?b=c:d')]],
  ),
  sentence(
    '§9.2.6',
    'If value starts with a U+0020 SPACE character, remove it from value.',
    ...[
      '',
      'b',
      ' ',
      '  ',
      '   ',
      ' b',
      '  b',
      'b ',
      ' b ',
      '\tb',
      ' \tb',
      '\t b',
      '\u00a0b',
      '\u3000b',
      ' \u00a0b',
    ].flatMap((value): Row[] => {
      const rest = value.startsWith(' ') ? value.slice(1) : value
      return [
        [`data:${written(value)}`, `data: first\ndata:${value}\n\n`, [message(`first\n${rest}`)]],
        [`event:${written(value)}`, `event: first\nevent:${value}\ndata: a\n\n`, [event(rest || 'message', 'a')]],
        [`id:${written(value)}`, `id: first\nid:${value}\ndata: a\n\n`, [message('a', rest)], rest],
      ]
    }),
  ),
  sentence(
    '§9.2.6',
    'Process the field using the steps described below, using the whole line as the field name, and the empty string as the field value.',
    ['data twice', 'data\ndata\n\n', [message('\n')]],
    ['data in three ways', 'data\ndata:\ndata: \n\n', [message('\n\n')]],
    ['data in between', 'data: a\ndata\ndata: b\n\n', [message('a\n\nb')]],
    ['event', 'event: x\nevent\ndata: a\n\n', [message('a')]],
    ['id', 'id: 1\ndata: a\n\nid\ndata: b\n\n', [message('a', '1'), message('b')]],
    ['id that is all of a block', 'id: 1\n\nid\n\ndata: b\n\n', [message('b')]],
    ['retry', 'retry\ndata: a\n\n', [message('a')]],
    ['a name nobody knows', 'foo\ndata: a\n\n', [message('a')]],
    ['the second line of a text that was not encoded', 'data: first\nsecond\n\n', [message('first')]],
  ),
  sentence(
    '§9.2.6',
    'Field names must be compared literally, with no case folding performed.',
    ...CASED.map((name): Row => [name, `${name}: 1\ndata: a\n\n`, [message('a')]]),
    ['all of them in capitals', 'EVENT: x\nID: 1\nRETRY: 5\nDATA: a\n\n'],
  ),
  sentence(
    '§9.2.6',
    'Otherwise: The field is ignored.',
    ...UNKNOWN.map((name): Row => [written(name), `${name}: 1\ndata: a\n\n`, [message('a')]]),
    ['one whose value is a line of data', 'foo: data: no\ndata: a\n\n', [message('a')]],
    ['one that is all there is', 'foo: bar\n\n'],
    ['a long one', `${'x'.repeat(300)}: no\ndata: a\n\n`, [message('a')]],
    ['a head of HTTP', 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\r\n\r\n', [message('a')]],
    ['a page of HTML', '<!doctype html>\n<p>data: a\n\n</p>\n'],
  ),
  sentence(
    '§9.2.6',
    "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set the event stream's reconnection time to that integer.",
    ...TIMES.map(
      ([text, milliseconds]): Row => [
        `${text.slice(0, 20)}${text.length > 20 ? '…' : ''}, ${text.length} digits`,
        `retry: ${text}\n`,
        [retry(milliseconds)],
      ],
    ),
    ['without a space', 'retry:10\n', [retry(10)]],
    ['twice', 'retry: 1\nretry: 2\n\n', [retry(1), retry(2)]],
    ['in front of the data of its block', 'retry: 1\ndata: a\n\n', [retry(1), message('a')]],
    ["behind the data of its block: it is not the event's", 'data: a\nretry: 1\n\n', [retry(1), message('a')]],
    ['in a block without data', 'event: x\nretry: 1\n\n', [retry(1)]],
    ['in a block that never ends', 'data: a\nretry: 1\n', [retry(1)]],
  ),
  sentence(
    '§9.2.6',
    'Otherwise, ignore the field.',
    ...NO_NUMBERS.map((value): Row => [`retry: ${written(value)}`, `retry: ${value}\n`]),
    ['a retry of nothing', 'retry:\n\n'],
    ['a retry of a space', 'retry: \n'],
    ['a retry that is ignored leaves the one before', 'retry: 5\nretry: x\n', [retry(5)]],
    ['an id with NUL', 'id: a\0b\ndata: a\n\n', [message('a')]],
    ['an id of NUL', 'id: \0\ndata: a\n\n', [message('a')]],
    ['an id that begins with NUL', 'id:\0a\ndata: a\n\n', [message('a')]],
    ['an id that ends with NUL', 'id: a\0\ndata: a\n\n', [message('a')]],
    ['an id with NUL leaves the one before, of its block', 'id: 1\nid: 2\0\ndata: a\n\n', [message('a', '1')], '1'],
    ['an id with NUL leaves the one before, of another', 'id: 1\n\nid: 2\0\ndata: a\n\n', [message('a', '1')], '1'],
    ['an id behind one with NUL counts', 'id: 1\0\nid: 2\ndata: a\n\n', [message('a', '2')], '2'],
    ['NUL in a type is a character of it', 'event: a\0b\ndata: a\n\n', [event('a\0b', 'a')]],
  ),
]
