// Numbers and texts, as people read them.

/** @param {number} milliseconds */
export function milliseconds(milliseconds) {
  if (Math.abs(milliseconds) >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds.toFixed(Math.abs(milliseconds) >= 100 ? 0 : 1)} ms`
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** Control characters as escapes, which every font has, so that a line stays a line. @param {string} text */
export function visible(text) {
  return text.replace(/\p{Cc}/gu, (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** @type {Readonly<Record<string, string>>} */
const ESCAPES = { '\r': '\\r', '\n': '\\n', '\t': '\\t' }

/** A round step, so that about `count` of them are in `length`. @param {number} length @param {number} count */
export function roundStep(length, count) {
  const rough = length / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  return /** @type {number} */ ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10) * power
}
