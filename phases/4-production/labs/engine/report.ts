import type { Lab, Outcome } from './lab.ts'

/** What comes before the measurement. */
export function introduction({ id, title, about, setups, question, options }: Lab): string {
  const configs = setups.map(({ name, config, isRepair }) => {
    const words = config === '' ? 'nothing in between' : config
    return `  ${name}${isRepair === true ? '   (repair)' : ''}\n${words.replaceAll(/^/gm, '    ')}`
  })
  return [
    `${id} · ${title}`,
    about,
    `Config\n\n${configs.join('\n')}`,
    `Predict\n\n${question}\n${options.map((option, nth) => `  ${letter(nth)}) ${option}`).join('\n')}`,
  ].join('\n\n')
}

/** What was measured, and what it means. */
export function findings({ explain, repair, options }: Lab, outcome: Outcome, chosen?: number): string {
  const { right } = outcome
  const verdict =
    right === undefined
      ? 'What the question is about could not be measured here.'
      : `${guess(chosen, right)}It is ${letter(right)}) ${options[right]}`
  const claims = outcome.claims.map(({ says, holds }) => `  ${holds ? 'yes' : 'NO '} ${says}`)
  return [
    `Measure\n\n${table(outcome)}${legend(outcome)}`,
    claims.join('\n'),
    verdict,
    `Explain\n\n${explain}`,
    `Repair\n\n${repair}`,
  ].join('\n\n')
}

const COUNTED: Readonly<Record<string, string>> = {
  'head after': 'the request',
  'first event after': 'the moment when the server sent it',
}

/** From when the times count. Two that count from different moments stand side by side: the second may be the smaller one. */
function legend({ rows }: Outcome): string {
  const titles = new Set(rows.flatMap(({ cells }) => Object.keys(cells)))
  const lines = Object.entries(COUNTED).filter(([title]) => titles.has(title))
  return lines.map(([title, since], nth) => `${nth === 0 ? '\n\n' : '\n'}  ${title}: since ${since}`).join('')
}

function guess(chosen: number | undefined, right: number): string {
  if (chosen === undefined) return ''
  return chosen === right ? 'You were right. ' : 'You were wrong. '
}

export function letter(nth: number): string {
  return String.fromCharCode(97 + nth)
}

/** The rows in columns, and what each went through. */
export function table({ rows }: Outcome): string {
  const titles = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))]
  const lines = rows.map(({ name, cells, through, absent, isRepair }) => {
    const first = isRepair ? `${name} *` : name
    const rest = titles.map((title) => cells[title] ?? '-')
    return [
      first,
      ...rest,
      absent === undefined ? through : Object.keys(cells).length > 0 ? `${absent}; ${through}` : absent,
    ]
  })
  const all = [['', ...titles, 'measured with'], ...lines]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => [...(line[column] ?? '')].length))) ?? []
  const drawn = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return `${drawn.map((line) => `  ${line}`.trimEnd()).join('\n')}${rows.some(({ isRepair }) => isRepair) ? '\n\n  * the repair' : ''}`
}
