// Replays what has come, as fast as it came or slower. Without motion, if that is asked for, it goes in steps.

/** Steps a second for those who prefer less motion. */
const CALM = 2

/**
 * @param {{ play: HTMLElement, speed: HTMLSelectElement, cursor: HTMLInputElement, now: HTMLElement, end: HTMLElement }} parts
 * @param {() => import('./state.js').State | undefined} current
 * @param {(milliseconds: number) => string} inWords
 */
export function createScrubber({ play, speed, cursor, now, end }, current, inWords) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  let playing = false
  let before = 0

  /** @param {number} time */
  function step(time) {
    const state = current()
    if (!playing || !state) return
    const passed = time - before
    if (!calm.matches || passed >= 1000 / CALM) {
      before = time
      state.seek(state.cursor + passed * Number(speed.value))
    }
    if (state.atEnd) stop()
    else requestAnimationFrame(step)
  }

  function stop() {
    playing = false
    play.textContent = 'Play'
  }

  function toggle() {
    const state = current()
    if (playing || !state) return stop()
    playing = true
    play.textContent = 'Pause'
    if (state.atEnd) state.seek(0)
    before = performance.now()
    requestAnimationFrame(step)
  }

  play.addEventListener('click', toggle)
  end.addEventListener('click', () => {
    stop()
    current()?.seek(Number.POSITIVE_INFINITY)
  })
  cursor.addEventListener('input', () => {
    const state = current()
    stop()
    if (state)
      state.seek(
        cursor.value === cursor.max
          ? Number.POSITIVE_INFINITY
          : (Number(cursor.value) / Number(cursor.max)) * state.end,
      )
  })
  return {
    toggle,
    stop,
    show() {
      const state = current()
      if (!state) return
      const value = `${Math.round((state.cursor / state.end) * Number(cursor.max))}`
      if (cursor.value !== value) cursor.value = value
      const words = inWords(state.cursor)
      if (now.textContent === words) return
      now.textContent = words
      cursor.ariaValueText = words
    },
  }
}
