import { describe, expect, test } from 'vitest'
import { compareDelays } from '../scripts/bench/delay.ts'
import { type Contender, race } from '../scripts/bench/race.ts'
import { median, spread } from '../scripts/bench/statistics.ts'
import { headline, linesOf, quantity } from '../scripts/bench/table.ts'
import { weigh } from '../scripts/bench/weigh.ts'

// The numbers that the benchmarks print mean what they say. How large they are is no matter for a test.

describe('the statistics', () => {
  test('the median is the middle value, whatever the order and the outliers', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1000, 4, 2, 1])).toBe(3)
    expect(median([7])).toBe(7)
    expect(() => median([])).toThrow(RangeError)
  })

  test('the spread is half the distance between the quartiles, as a share of the median', () => {
    expect(spread([2, 4, 6, 8, 10])).toBeCloseTo(2 / 6)
    expect(spread([3, 3, 3])).toBe(0)
  })

  test('a median leaves its values in their order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('a race', () => {
  /** Measures what it is told to, and writes down that it did. */
  function scripted(name: string, rates: readonly number[], log: string[]): Contender {
    const left = [...rates]
    return {
      name,
      start: () => void log.push(`start ${name}`),
      measure: () => {
        log.push(name)
        return left.shift() ?? 1
      },
      stop: () => void log.push(`stop ${name}`),
    }
  }

  test('divides rates of the same round, not of the whole run, and leaves out the round that warms up', async () => {
    const log: string[] = []
    const result = await race(
      {
        title: 'x',
        unit: 'B/s',
        ours: scripted('ours', [999, 10, 20, 400], log),
        rivals: [{ ...scripted('rival', [1, 5, 10, 100], log), goal: 2 }],
        limit: scripted('limit', [1, 20, 40, 500], log),
      },
      { rounds: 3, seconds: 0 },
    )
    expect(result.ours).toBe(20)
    expect(result.ratios).toEqual([
      { against: 'rival', kind: 'rival', ratio: 2, spread: expect.any(Number), goal: 2 },
      { against: 'limit', kind: 'limit', ratio: 0.5, spread: expect.any(Number) },
    ])
  })

  test('lets another contender begin in each round', async () => {
    const log: string[] = []
    const course = { title: 'x', unit: 'B/s', ours: scripted('a', [], log), rivals: [scripted('b', [], log)] }
    await race(course, { rounds: 2, seconds: 0 })
    expect(log).toEqual(['start a', 'start b', 'a', 'b', 'a', 'b', 'b', 'a', 'stop a', 'stop b'])
  })

  test('stops whom it has started when one of them fails', async () => {
    const log: string[] = []
    const broken: Contender = { ...scripted('b', [], log), measure: () => Promise.reject(new Error('no')) }
    const course = { title: 'x', unit: 'B/s', ours: scripted('a', [], log), rivals: [broken] }
    await expect(race(course, { rounds: 1, seconds: 0 })).rejects.toThrow('no')
    expect(log).toEqual(expect.arrayContaining(['stop a', 'stop b']))
  })

  test('refuses a rate that cannot be one', async () => {
    const course = { title: 'x', unit: 'B/s', ours: scripted('a', [1, 0], []), rivals: [scripted('b', [], [])] }
    await expect(race(course, { rounds: 1, seconds: 0 })).rejects.toThrow(RangeError)
  })
})

describe('the table', () => {
  const result = {
    title: 'decode, 100 B chunks',
    unit: 'B/s',
    ours: 1_234_567_890,
    ratios: [
      { against: 'HTTPParser', kind: 'rival', ratio: 13.97, spread: 0.031, goal: 12 },
      { against: 'a bare scan', kind: 'limit', ratio: 0.8, spread: 0, goal: 0.9 },
    ],
  } as const

  test('has a line for each ratio, with its goal and whether it is reached', () => {
    const [rival = '', limit = '', ...more] = linesOf(result, false)
    expect(rival.split(/ {2,}/)).toEqual([
      'decode, 100 B chunks',
      '1.23 GB/s',
      'HTTPParser',
      '14.0 x',
      '± 3 %',
      '>= 12 reached',
    ])
    expect(limit.trim().split(/ {2,}/)).toEqual(['limit: a bare scan', '0.800 x', '± 0 %', '>= 0.9 MISSED'])
    expect(more).toEqual([])
  })

  test.each([
    [1.349, '1.349 x', 'MISSED'],
    [1.34996, '1.34996 x', 'MISSED'],
    [1.3501, '1.35 x', 'reached'],
    [1.2, '1.20 x', 'MISSED'],
  ])('shows of %d as much as tells on which side of the goal it is', (ratio, shown, verdict) => {
    const close = {
      title: 'close',
      unit: 'req/s',
      ours: 1,
      ratios: [{ against: 'r', kind: 'rival', ratio, spread: 0, goal: 1.35 }],
    } as const
    const [line = ''] = linesOf(close, false)
    expect(line.split(/ {2,}/).slice(-3)).toEqual([shown, '± 0 %', `>= 1.35 ${verdict}`])
  })

  test('puts the head of each column above it', () => {
    const [line = ''] = linesOf(result, false)
    expect(headline().indexOf('against')).toBe(line.indexOf('HTTPParser'))
    expect(headline().indexOf('goal')).toBe(line.indexOf('>='))
  })

  test('names a row that was skipped, and why', () => {
    expect(linesOf({ title: 'load', skipped: 'wrk is not installed' }, false)).toEqual([
      expect.stringMatching(/^load +skipped +wrk is not installed$/),
    ])
  })

  test('is plain text unless colours are asked for', () => {
    expect(linesOf(result, false).join('')).not.toContain('\u001b')
    expect(linesOf(result, true).join('')).toContain('\u001b')
  })

  test.each([
    [999, 'B/s', '999 B/s'],
    [1000, 'B/s', '1.00 kB/s'],
    [25_400, 'req/s', '25.4 k req/s'],
    [0.5, 'req/s', '0.500 req/s'],
  ])('shows %d %s as %s', (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text)
  })
})

describe('a weighing', () => {
  const scale = (name: string, weights: number[]): Contender => ({ name, measure: () => weights.shift() ?? Number.NaN })

  test('compares medians, and ours with the first of the others', async () => {
    const weight = await weigh(
      { title: 'x', scale: scale('ours', [30, 10, 20]), others: [scale('least', [4, 5, 6])], most: 20, mostAbove: 14 },
      3,
    )
    expect(weight.bytes).toBe(20)
    expect(weight.others).toEqual([{ against: 'least', bytes: 5 }])
    expect(weight.goals).toEqual([
      { text: 'in all', bytes: 20, most: 20 },
      { text: 'above least', bytes: 15, most: 14 },
    ])
    const lines = linesOf(weight, false)
    expect(lines[0]).toMatch(/in all: <= .* reached$/)
    expect(lines[1]).toMatch(/above least$|MISSED$/)
  })

  test('stops what it has started, also if that could not be weighed', async () => {
    const log: string[] = []
    const broken: Contender = {
      name: 'broken',
      start: () => void log.push('start'),
      measure: () => Promise.reject(new Error('no')),
      stop: () => void log.push('stop'),
    }
    await expect(weigh({ title: 'x', scale: broken, others: [] }, 1)).rejects.toThrow('no')
    expect(log).toEqual(['start', 'stop'])
  })
})

describe('a comparison of delays', () => {
  const contender = (name: string, delays: number[]): Contender => ({
    name,
    measure: () => delays.shift() ?? Number.NaN,
  })

  test('leaves out the first round, and takes differences within a round', async () => {
    const delay = await compareDelays(
      {
        title: 'x',
        ours: contender('ours', [900, 30, 50, 41]),
        least: contender('least', [900, 10, 40, 20]),
        others: [contender('another', [900, 60, 61, 62])],
        mostAbove: 10,
      },
      3,
    )
    expect(delay.microseconds).toBe(41)
    expect(delay.above).toBe(20) // 20, 10 and 21
    expect(delay.others).toEqual([
      { against: 'least', microseconds: 20 },
      { against: 'another', microseconds: 61 },
    ])
    const lines = linesOf(delay, false)
    expect(lines[1]).toMatch(/20\.0 µs +20\.0 µs above: <= 10 µs MISSED$/)
    expect(lines).toHaveLength(3)
  })

  test('stops whom it has started when one of them fails', async () => {
    const log: string[] = []
    const broken: Contender = {
      name: 'broken',
      start: () => void log.push('start'),
      measure: () => Promise.reject(new Error('no')),
      stop: () => void log.push('stop'),
    }
    await expect(
      compareDelays({ title: 'x', ours: broken, least: broken, others: [], mostAbove: 0 }, 1),
    ).rejects.toThrow('no')
    expect(log).toEqual(['start', 'start', 'stop', 'stop'])
  })
})
