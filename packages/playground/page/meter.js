// The numbers under an answer that are taken by this page's own clock.

/**
 * How fast an answer comes. The numbers stay as they are when it ends, however it ends.
 *
 * @param {(name: import('./lane-view.js').NumberName, value: string) => void} show
 */
export function createMeter(show) {
  const asked = performance.now()
  let first = 0
  let last = 0
  let pieces = 0
  let over = 0

  return {
    /** One more piece of the answer. */
    delta() {
      last = performance.now()
      pieces++
      if (pieces === 1) {
        first = last
        show('first', milliseconds(first - asked))
      } else if (last > first) show('rate', perSecond(pieces - 1, last - first))
      show('pieces', `${pieces}`)
      show('time', seconds(last - asked))
    },
    /** What the model counted itself; a piece may be more than one token, or less. @param {number | undefined} count */
    tokens(count) {
      if (!count) return
      show('tokens', `${count}`)
      if (last > first) show('rate', perSecond(count, last - first))
    },
    end() {
      over = performance.now()
      show('time', seconds(over - asked))
    },
    /** Milliseconds from the question to the first piece, if there was one. */
    get first() {
      return pieces > 0 ? first - asked : undefined
    },
    /** Milliseconds from the question to the end. */
    get total() {
      return over - asked
    },
  }
}

/** @param {number} time */
export function milliseconds(time) {
  return `${Math.round(time).toLocaleString('en')} ms`
}

/** @param {number} time in milliseconds */
export function seconds(time) {
  return `${(time / 1000).toFixed(time < 9_950 ? 2 : 1)} s`
}

/** @param {number} count @param {number} time in milliseconds */
function perSecond(count, time) {
  return rate((count / time) * 1000)
}

/** @param {number} number */
export function rate(number) {
  return number < 99.95 ? number.toFixed(1) : Math.round(number).toLocaleString('en')
}
