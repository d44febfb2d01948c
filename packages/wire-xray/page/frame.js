// Everything on the page changes in one frame, however much has happened since the one before.

/**
 * Pictures come first, then words, then what has to know where things are: nobody makes the browser lay out the page twice.
 * @param {() => void} draw
 */
export function createFrame(draw) {
  let isAsked = false

  function run() {
    isAsked = false
    draw()
  }

  return {
    touch() {
      if (isAsked) return
      isAsked = true
      requestAnimationFrame(run)
    },
  }
}
