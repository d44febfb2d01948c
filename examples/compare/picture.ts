import type { Arrival, Timeline } from './compare.ts'

const WIDTH = 860
const LEFT = 215
const RIGHT = 20
const TOP = 74
const LANE = 46

/** A drawing of what was published around the first cut, and when each transport heard of it. */
export function drawTimeline({ from, to, published, lanes }: Timeline): string {
  const x = (at: number) => round(LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT))
  const height = TOP + LANE * lanes.length + 52
  const bottom = height - 44
  const ticks = published.map((at) => `<path class="tick" d="M${x(at)} ${TOP - 30}V${TOP - 14}"/>`)
  const drawn = lanes.map(({ name, heard, missed }, i) => {
    const y = TOP + LANE * i + 18
    const bars = heard.map(({ at, late }) => `<path class="late" d="M${x(Math.max(at - late, from))} ${y}H${x(at)}"/>`)
    const dots = together(heard).map(
      ({ at, count }) =>
        `<circle cx="${x(at)}" cy="${y}" r="4"/>${count > 1 ? `<text class="count" x="${x(at) + 5}" y="${y - 5}">${count}</text>` : ''}`,
    )
    const crosses = missed.map((at) => `<path class="missed" d="M${x(at) - 4} ${y - 4}l8 8m0 -8l-8 8"/>`)
    return `<text x="${LEFT - 14}" y="${y + 5}" text-anchor="end">${escaped(name)}</text>
<path class="lane" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/>
${[...bars, ...dots, ...crosses].join('')}`
  })
  const step = Math.max(Math.round((to - from) / 500) * 100, 1)
  const scale = range(Math.ceil(from / step) * step, to, step).map(
    (at) => `<text class="quiet" x="${x(at)}" y="${bottom + 20}" text-anchor="middle">${at} ms</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">When each transport heard of the same events, around a cut of the connection</title>
<style>
:root{--ink:#1d2326;--quiet:#5a6468;--page:#f7f6f2;--line:#d9d7cf;--accent:#0a6b5e;--late:#e0a030;--alarm:#a3261c}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8e6;--quiet:#9aa6aa;--page:#14181a;--line:#333c40;--accent:#4cc7b0;--late:#b07a20;--alarm:#ff8f83}}
text{font:14px system-ui,sans-serif;fill:var(--ink)}.quiet{fill:var(--quiet);font-size:12px}
.tick{stroke:var(--ink);stroke-width:2}.lane{stroke:var(--line)}.late{stroke:var(--late);stroke-width:4}
circle{fill:var(--accent)}.count{font-size:11px}.missed{stroke:var(--alarm);stroke-width:2}.cut{stroke:var(--alarm);stroke-width:2;stroke-dasharray:5 4}.alarm{fill:var(--alarm)}
</style>
<rect width="${WIDTH}" height="${height}" rx="8" fill="var(--page)"/>
<text x="${LEFT - 14}" y="${TOP - 17}" text-anchor="end">published</text>
${ticks.join('')}
${drawn.join('\n')}
<path class="cut" d="M${x(0)} 30V${bottom}"/>
<text class="alarm" x="${x(0)}" y="22" text-anchor="middle">the line is cut</text>
${scale.join('')}
<text class="quiet" x="${LEFT}" y="${height - 6}">a dot: heard (a number: so many at once) · the bar in front of it: how late · a cross: never heard</text>
</svg>
`
}

/** What arrives within 3 ms is one dot to the eye. */
function together(heard: readonly Arrival[]): { at: number; count: number }[] {
  const groups: { at: number; count: number }[] = []
  for (const { at } of heard) {
    const last = groups.at(-1)
    if (last !== undefined && at - last.at < 3) last.count++
    else groups.push({ at, count: 1 })
  }
  return groups
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
