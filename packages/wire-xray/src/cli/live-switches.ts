import type { Switches } from '../live/switches.ts'
import type { FaultSwitch } from './fault-switch.ts'
import type { RecordingSwitch } from './record.ts'

/** What the keys of a live view switch: the same as `--fault` and `--record`, while the traffic goes on. */
export function liveSwitches(
  faults: FaultSwitch,
  recording: RecordingSwitch,
  say: (sentence: string) => void,
  nextName: () => string = () => nameAt(new Date()),
): Switches {
  let isBusy = false // with a file

  /** What there is to say about it. */
  async function toggle(): Promise<string | undefined> {
    const { path } = recording
    if (path === undefined) {
      const name = nextName()
      await recording.start(name)
      return `Recording to ${name}, secrets as stars: from the next request on, of connections that are open.`
    }
    return recording.stop()
  }

  return {
    get recording() {
      return recording.path
    },
    toggleRecording() {
      if (isBusy) return
      isBusy = true
      void toggle()
        .catch((error: Error) => error.message)
        .then((sentence) => {
          isBusy = false
          if (sentence) say(sentence)
        })
    },
    get faults() {
      return faults.text
    },
    setFaults: faults.set,
  }
}

/** In the folder one is in; a name that sorts by time, and is a name on every system. */
export function nameAt(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(':', '-')}.xray.jsonl`
}
