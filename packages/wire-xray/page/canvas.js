// A canvas as sharp as the screen, drawn at most once a frame, in the colours of the page.

/** @typedef {{ context: CanvasRenderingContext2D, width: number, height: number, color: (name: string) => string }} Surface */

/** @param {HTMLCanvasElement} canvas @param {(surface: Surface) => number} draw says how many shapes that took */
export function createSurface(canvas, draw) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  /** @type {Map<string, string>} */
  const colors = new Map()
  let asked = false

  /** @param {string} name of a custom property */
  function color(name) {
    const known = colors.get(name) ?? getComputedStyle(canvas).getPropertyValue(`--${name}`)
    colors.set(name, known)
    return known
  }

  function frame() {
    asked = false
    const { clientWidth: width, clientHeight: height } = canvas
    const scale = devicePixelRatio
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)]
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across
      canvas.height = down
    }
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    context.font = '12px system-ui, sans-serif'
    canvas.dataset['drawn'] = `${draw({ context, width, height, color })}`
  }

  function touch() {
    if (asked) return
    asked = true
    requestAnimationFrame(frame)
  }

  new ResizeObserver(touch).observe(canvas)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colors.clear()
    touch()
  })
  return { touch }
}

/** Room on the left for amounts and the names of lanes, the same in both pictures. @param {number} width */
export function marginOf(width) {
  return width < 500 ? 48 : 64
}
