/** What an `on…` attribute takes: a function, or nothing (HTML §8.1.8.1). */
export type EventHandler<E extends Event> = ((event: E) => void) | null

/** What addEventListener takes, for events that are known to be of one kind. */
export type Listener<E extends Event> = ((event: E) => void) | { handleEvent(event: E): void } | null

/** The `on…` attributes of one event target. */
export interface EventHandlers {
  get(type: string): EventHandler<Event>
  set(type: string, value: unknown): void
}

/**
 * Event handler IDL attributes (HTML §8.1.8.1).
 *
 * A handler is one listener that takes its place in the order when it is first set, keeps it when it is replaced
 * by another, and loses it when it is set to null. Exceptions go the way of any listener's: reported, not thrown.
 */
export function createEventHandlers(target: EventTarget): EventHandlers {
  const slots = new Map<string, { callback: object; readonly listener: (event: Event) => void }>()

  function activate(type: string, callback: object): void {
    const slot = {
      callback,
      listener: (event: Event) => {
        if (typeof slot.callback === 'function') slot.callback.call(target, event)
      },
    }
    slots.set(type, slot)
    target.addEventListener(type, slot.listener)
  }

  return {
    get: (type) => (slots.get(type)?.callback ?? null) as EventHandler<Event>,
    set(type, value) {
      const slot = slots.get(type)
      const callback = typeof value === 'function' || typeof value === 'object' ? value : null // Web IDL: "legacy treat non-object as null"
      if (slot === undefined) {
        if (callback !== null) activate(type, callback)
      } else if (callback !== null) {
        slot.callback = callback
      } else {
        target.removeEventListener(type, slot.listener)
        slots.delete(type)
      }
    },
  }
}
