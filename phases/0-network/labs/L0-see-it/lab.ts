import { findTool, installHint } from '@sse-from-scratch/testkit'
import { readRecording, see } from './record.ts'

// One request, seen three times: by the program that makes it, by the kernel's list of connections, and on the wire.
const recorded = readRecording()
const curl = process.argv.includes('--replay') ? undefined : findTool('curl')
if (curl === undefined && !process.argv.includes('--replay'))
  console.log(`curl is not here (${installHint('curl')}): a recording instead.\n`)
const seen = curl === undefined ? recorded : await see()

show('curl -v: what it does, sends (>) and gets (<)', seen.curl)
show('ss -tnp, before the answer: both ends are on this machine, so there are two lines', seen.ss, recorded.ss)
show('tcpdump -i lo -X: [S] is SYN, [F] is FIN, [P] has data, a dot is ACK', seen.tcpdump, recorded.tcpdump)

/** What was seen, or a recording of it where the program, or the right to use it, is absent. */
function show(title: string, text: string | undefined, instead = ''): void {
  const isLive = curl !== undefined && text !== undefined
  console.log(
    `${title}   ${isLive ? '(live)' : '(recorded)'}\n\n${(text ?? instead).trimEnd().replaceAll(/^/gm, '  ')}\n`,
  )
}
