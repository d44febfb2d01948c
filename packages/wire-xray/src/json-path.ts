/** An object or array that is open, and where in it we are. */
export interface Container {
  readonly isArray: boolean
  key: string
  index: number
}

/** The way to the current value, such as `choices[0].delta.content`; `element` writes the place in an array. */
export function pathOf(stack: readonly Container[], element: (container: Container) => string): string {
  return stack
    .map((container) => (container.isArray ? element(container) : `.${container.key}`))
    .join('')
    .slice(1)
}
