/** A value that is there once and for all, and a promise of it. */
export interface Once<Value> {
  /** `undefined` until it is there. */
  readonly value: Value | undefined
  readonly promise: Promise<Value>
  set(value: Value): void
}

export function createOnce<Value>(): Once<Value> {
  let value: Value | undefined
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((done) => {
    resolve = done
  })
  return {
    get value() {
      return value
    },
    promise,
    set(first) {
      if (value !== undefined) return
      value = first
      resolve(first)
    },
  }
}
