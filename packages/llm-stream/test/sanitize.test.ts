import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/terminal/sanitize.ts'

const ESC = '\u001b'

const table: readonly (readonly [string, string, string])[] = [
  ['plain text', 'Grüße, 世界 🌍\n\tdone', 'Grüße, 世界 🌍\n\tdone'],
  ['a colour', `a${ESC}[31;1mred${ESC}[0m`, 'ared'],
  ['clearing the screen', `a${ESC}[2J${ESC}[Hb`, 'ab'],
  ['the clipboard (OSC 52, BEL)', `a${ESC}]52;c;cm0gLXJm\u0007b`, 'ab'],
  ['the title (OSC 0, ST)', `a${ESC}]0;pwned${ESC}\\b`, 'ab'],
  ['a link (OSC 8)', `${ESC}]8;;http://x${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
  ['DCS, SOS, PM, APC', `a${ESC}Pq${ESC}\\b${ESC}Xs${ESC}\\c${ESC}^p${ESC}\\d${ESC}_a${ESC}\\e`, 'abcde'],
  ['the same in C1', 'a\u009b31mb\u009d52;c;x\u009cc\u0090q\u009cd', 'abcd'],
  ['a full reset', `a${ESC}cb`, 'ab'],
  ['a character set', `a${ESC}(0b`, 'ab'],
  ['other controls', 'a\u0000\u0007\b\r\u007f\u0085b', 'ab'],
  ['an escape at the very end', `a${ESC}`, 'a'],
  ['an escape before an escape', `a${ESC}${ESC}[31mb`, 'ab'],
  ['a sequence inside a sequence', `a${ESC}[3${ESC}[1mb`, 'ab'],
  ['a sequence that is broken off by text', `a${ESC}[3é`, 'aé'],
  ['a text turned around (U+202E)', 'a\u202egpj.exe\u202c', 'agpj.exe'],
  ['every embedding, override and isolate', 'a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b', 'ab'],
  ['deprecated format characters and annotations', 'a\u206a\u206f\ufff9b\ufffac\ufffb', 'abc'],
  ['a text in tags', 'a\u{e0001}\u{e0068}\u{e0069}\u{e007f}b', 'ab'],
  ['the marks of Hebrew and Arabic', 'שלום\u200f (א)\u200e \u061c', 'שלום\u200f (א)\u200e \u061c'],
  [
    'joiners and soft hyphens',
    '👩\u200d🚀 می\u200cخواهم Donau\u00addampf',
    '👩\u200d🚀 می\u200cخواهم Donau\u00addampf',
  ],
  ['variation selectors', '❤\ufe0f 葛\u{e0100}', '❤\ufe0f 葛\u{e0100}'],
  ['an override inside a sequence', `a${ESC}[3\u202em`, 'am'],
  ['a string that is never closed', `a${ESC}]0;never\nb`, 'a\nb'],
]

describe.each(table)('%s', (_, input, output) => {
  test('is safe to print', () => {
    expect(createSanitizer()(input)).toBe(output)
  })

  test('is the same at every cut and one character at a time', () => {
    for (let at = 0; at <= input.length; at++) {
      const safe = createSanitizer()
      expect(safe(input.slice(0, at)) + safe(input.slice(at)), `cut at ${at}`).toBe(output)
    }
    expect(input.split('').map(createSanitizer()).join('')).toBe(output)
  })
})

test('nothing that a terminal would obey ever gets through', () => {
  const alphabet = [
    ESC,
    '[',
    ']',
    '\\',
    '(',
    ';',
    '5',
    'm',
    'P',
    '\u0007',
    '\u009b',
    '\u009c',
    '\u009d',
    '\n',
    'x',
    'é',
  ]
  const safe = createSanitizer()
  let seed = 1
  for (let i = 0; i < 20_000; i++) {
    seed = (seed * 48_271) % 2_147_483_647
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get out
    expect(safe(alphabet[seed % alphabet.length] ?? '')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
  }
})
