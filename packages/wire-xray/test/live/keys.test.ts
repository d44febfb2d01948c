import { describe, expect, test } from 'vitest'
import { createFaultPrompt } from '../../src/live/fault-prompt.ts'
import { keysIn } from '../../src/live/keys.ts'

test('cursor and function keys are none, and neither are the letters that end them', () => {
  expect(keysIn('a\u001b[A\u001b[1;5Df\u001bOP\u001b[3~r')).toEqual(['a', 'f', 'r'])
  expect(keysIn('\u001b')).toEqual(['\u001b'])
})

describe('where faults are typed', () => {
  const typed = (text: string, faults = '') => {
    const prompt = createFaultPrompt(faults)
    const states = keysIn(text).map((key) => prompt.key(key))
    return { prompt, last: states.at(-1) }
  }

  test('it begins with those there are, and characters can be taken back', () => {
    expect(typed('x\u007f\u007fR', 'cr').prompt.text).toBe('cR')
  })

  test('all can be taken back at once, and blanks are not typed', () => {
    expect(typed('\u0015b o m', 'delay=5ms').prompt.text).toBe('bom')
  })

  test('Enter takes it and Escape leaves it', () => {
    expect(typed('cr\r').last).toBe('taken')
    expect(typed('cr\n').last).toBe('taken')
    expect(typed('cr\u001b').last).toBe('left')
  })

  test('it is said which words begin like that, and how the one that is whole is written', () => {
    expect(typed('s').prompt.hint).toBe('split stall strip strip-header size')
    expect(typed('bom,del').prompt.hint).toBe('delay')
    expect(typed('bom,delay=5').prompt.hint).toMatch(/^delay=\S+ {2}\S/)
    expect(typed('kasp').prompt.hint).toBe('kaspersky')
    expect(typed('kaspersky').prompt.hint).toMatch(/^kaspersky {2}a virus scanner/)
    expect(typed('zzz').prompt.hint).toBe('no fault begins with zzz')
  })

  test('what is wrong is said until something else is typed', () => {
    const { prompt } = typed('cr=5')
    prompt.refuse('no value (=)')
    expect(prompt.hint).toBe('no value (=)')
    prompt.key('\u007f')
    expect(prompt.hint).not.toBe('no value (=)')
  })

  test('it takes no more than faults may have', () => {
    expect(typed('x'.repeat(600)).prompt.text).toHaveLength(500)
  })
})
