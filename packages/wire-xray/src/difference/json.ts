import type { Explanation, Version } from './difference.ts'

/** What goes wrong in JSON (RFC 8259). */
export const JSONS: readonly Explanation[] = [
  ({ as, expected, got }) => {
    if (as !== 'json') return undefined
    const wanted = parse(expected)
    if (wanted === undefined) return undefined
    const is = parse(got)
    return is === undefined ? whyNot(got.text) : differenceIn(wanted.value, is.value)
  },
]

function parse({ bytes }: Version): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder().decode(bytes)) }
  } catch {
    return undefined
  }
}

function whyNot(text: string): string {
  if (text.trim() === '') return 'There is no JSON.'
  if (/^\s*[{[][^"]*'/.test(text))
    return 'Strings and names of JSON are in double quotes; single ones are of JavaScript.'
  if (/,\s*[}\]]/.test(text)) return 'A comma before the closing bracket: JSON has none there.'
  if (/[{,]\s*[A-Za-z_$][\w$]*\s*:/.test(text)) return 'Names of JSON are in double quotes, always.'
  if (/[:[,]\s*(undefined|NaN|-?Infinity)/.test(text)) return 'JSON has no undefined, NaN or Infinity.'
  if (/[:[,]\s*(True|False|None)/.test(text)) return 'These words are of Python: JSON has true, false and null.'
  if (/\[object Object\]/.test(text)) return 'An object was turned into text by itself: JSON.stringify writes it.'
  if (/"[^"\\]*\n/.test(text)) return 'A line feed inside a string: in JSON it is written \\n.'
  if (/^\s*[{[]/.test(text) && !/[}\]]\s*$/.test(text)) return 'It is cut: the closing bracket is missing.'
  return 'It is no JSON.'
}

/** The first place where two values differ. */
function differenceIn(wanted: unknown, got: unknown, path = ''): string {
  const where = path === '' ? 'The value' : path.slice(1)
  if (typeof wanted === 'object' && typeof got === 'object' && wanted !== null && got !== null) {
    const [left, right] = [wanted as Record<string, unknown>, got as Record<string, unknown>]
    if (Array.isArray(wanted) !== Array.isArray(got))
      return `${where} is ${kindOf(got)}, and should be ${kindOf(wanted)}.`
    for (const key of Object.keys(left)) {
      const inside = Array.isArray(wanted) ? `${path}[${key}]` : `${path}.${key}`
      if (!(key in right)) return `${inside.slice(1)} is missing.`
      if (JSON.stringify(left[key]) !== JSON.stringify(right[key])) {
        const found = differenceIn(left[key], right[key], inside)
        if (found !== SAME) return found
      }
    }
    const extra = Object.keys(right).find((key) => !(key in left))
    return extra === undefined ? SAME : `${`${path}.${extra}`.slice(1)} is more than was asked for.`
  }
  return Object.is(wanted, got) ? SAME : `${where} is ${shown(got)}, and should be ${shown(wanted)}.`
}

const SAME =
  'The same JSON value: spaces, the order of members and escapes are for the writer to choose. But the bytes are others.'

function kindOf(value: unknown): string {
  return Array.isArray(value)
    ? 'an array'
    : value === null
      ? 'null'
      : `a ${typeof value}`.replace('a object', 'an object')
}

function shown(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? kindOf(value) : JSON.stringify(value)
  const safe = text.replaceAll(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe
}
