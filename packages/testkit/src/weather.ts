/** What happens to the bytes that go one way. */
export interface Weather {
  /** Milliseconds every byte is late. Latency, not bandwidth: bytes that came together stay together. Default 0. */
  readonly delay?: number
  /** At most so many bytes in one write: TCP may cut anywhere, this does. Default: as they come. */
  readonly pieceSize?: number
  /** Milliseconds between two writes: a slow line. Default 0. */
  readonly pieceInterval?: number
  /** After exactly so many bytes of one connection, `cut` happens. Default: never. */
  readonly cutAfter?: number
  /** 'reset' sends RST to both sides, 'end' a FIN as if the message were over, 'stall' goes silent and stays open (and reads on). Default 'reset'. */
  readonly cut?: 'reset' | 'end' | 'stall'
}

/** That of the next connection. */
export function weatherOf(weather: Weather | (() => Weather)): Weather {
  return typeof weather === 'function' ? checkWeather(weather()) : weather
}

/** A `RangeError` for weather that cannot be. */
export function checkWeather(weather: Weather): Weather {
  for (const [name, least] of [
    ['delay', 0],
    ['pieceSize', 1],
    ['pieceInterval', 0],
    ['cutAfter', 1],
  ] as const) {
    const value = weather[name]
    if (value !== undefined && !(value >= least)) throw new RangeError(`${name} must be at least ${least}: ${value}`)
  }
  return weather
}
