/** A value that is filled while it is read. */
export interface JsonTree {
  /** The outermost value; `undefined` before it has begun. */
  readonly root: unknown
  /** How many arrays and objects are open. */
  readonly depth: number
  /** What the innermost open value is. */
  readonly inside: 'array' | 'object' | undefined
  /** The name of the next member. */
  name(name: string): void
  /** Puts a value where the next one belongs, which is where it stays: `replace` knows it. */
  add(value: unknown): void
  /** Puts a longer string in the place of the one that was added last. */
  replace(value: string): void
  open(container: 'array' | 'object'): void
  close(): void
}

type Container = unknown[] | Record<string, unknown>

interface Frame {
  readonly container: Container
  /** Of the member that is read or comes next. */
  name: string
}

export function createJsonTree(): JsonTree {
  const frames: Frame[] = []
  let root: unknown

  function put(value: unknown, isNew: boolean): void {
    const frame = frames.at(-1)
    if (!frame) root = value
    else if (!Array.isArray(frame.container)) setMember(frame.container, frame.name, value)
    else if (isNew) frame.container.push(value)
    else frame.container[frame.container.length - 1] = value
  }

  return {
    get root() {
      return root
    },
    get depth() {
      return frames.length
    },
    get inside() {
      const frame = frames.at(-1)
      return frame && (Array.isArray(frame.container) ? 'array' : 'object')
    },
    name(name) {
      const frame = frames.at(-1)
      if (frame) frame.name = name
    },
    add: (value) => put(value, true),
    replace: (value) => put(value, false),
    open(kind) {
      const container = kind === 'array' ? [] : {}
      put(container, true)
      frames.push({ container, name: '' })
    },
    close() {
      frames.pop()
    },
  }
}

/** An assignment, except for the one name that would set the prototype instead: there it is data, as for `JSON.parse`. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
