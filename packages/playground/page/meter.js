// The numbers under an answer. All but the tokens are taken by this page's own clock.

/**
 * How fast an answer comes. The numbers stay as they are when it ends, however it ends.
 *
 * @param {(name: import('./lane-view.js').NumberName, value: string) => void} show
 */
export function createMeter(show) {
  const asked = performance.now()
  let first = 0
  let deltas = 0

  /** @param {number} now */
  function showTime(now) {
    show('time', seconds(now - asked))
  }

  return {
    /** One more piece of the answer. */
    delta() {
      const now = performance.now()
      deltas++
      if (deltas === 1) {
        first = now
        show('first', `${Math.round(now - asked)} ms`)
      } else if (now > first) show('rate', rate(deltas - 1, now - first))
      show('deltas', `${deltas}`)
      showTime(now)
    },
    /** What the model counted itself; a piece may be more than one token, or less. @param {number | undefined} count */
    tokens(count) {
      if (count) show('tokens', `${count}`)
    },
    end() {
      showTime(performance.now())
    },
  }
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 2 : 1)} s`
}

/** @param {number} count @param {number} milliseconds */
function rate(count, milliseconds) {
  const perSecond = (count / milliseconds) * 1000
  return perSecond < 99.95 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en')
}
