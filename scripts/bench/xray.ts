import { runBench } from './bench.ts'
import { childContender } from './child.ts'
import type { DelayRace } from './delay.ts'
import type { Contender, Race } from './race.ts'
import type { Weighing } from './weigh.ts'

const MIB = 1024 * 1024

function middle(what: string, kind: string): Contender {
  return childContender(kind, new URL('xray-child.js', import.meta.url), [what, kind])
}

/** One event every 3 ms: from the server's `write` to the client's read. */
function delay(): DelayRace {
  return {
    title: 'an event at a time, p50 of its way',
    ours: middle('delay', 'xray'),
    least: middle('delay', 'bare pipe'),
    others: ['xray, recording', 'nobody'].map((kind) => middle('delay', kind)),
    mostAbove: 100,
  }
}

function cpu(what: string, title: string, mostAbove: number): DelayRace {
  return {
    title,
    ours: middle(what, 'xray, nothing left out'),
    least: middle(what, 'bare pipe'),
    others: [],
    mostAbove,
  }
}

function throughput(): Race {
  return {
    title: 'an answer of 64 MiB, as fast as it goes',
    unit: 'B/s',
    ours: middle('throughput', 'xray'),
    rivals: [middle('throughput', 'xray, nothing left out')],
    limit: middle('throughput', 'bare pipe'),
  }
}

function flood(): Weighing {
  return {
    title: '64 MiB for a slow client, growth of RSS',
    scale: middle('flood', 'xray'),
    others: ['bare pipe', 'xray, recording'].map((kind) => middle('flood', kind)),
    most: 64 * MIB,
  }
}

await runBench({
  name: 'xray',
  description: `The proxy of wire-xray beside two sockets and a pipe between them, which is what any process in between costs.

Delay, CPU time for each event of about 190 bytes, an answer of 64 MiB, and how much memory that takes where nobody is in
a hurry. What is in between has a process of its own; the server and the client have another one.`,
  races: [
    delay(),
    cpu('cpu among many', 'one of many events, CPU time', 5),
    cpu('cpu alone', 'an event in a read of its own, CPU time', 20),
    throughput(),
    flood(),
  ],
})
