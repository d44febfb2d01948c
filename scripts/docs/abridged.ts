import type { ServerSentEvent } from '../../packages/sse-client/src/decoder.ts'

/** Members that say the same in every event, or nothing here. The transcripts have them. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'created_at',
  'sequence_number',
  'obfuscation',
  'logprobs',
  'role',
  'item_id',
  'output_index',
  'content_index',
  'summary_index',
  'annotations',
  'model',
  'status',
  'output',
  'part',
])
/** Said by the name, or the same throughout a scene. */
const SAID: ReadonlySet<string> = new Set(['type', 'message.type', 'message.content', 'choices', 'choices.0.index'])
const LONGEST_VALUE = 90

/** An event as a table has room for it: its name, and the members that matter, as `path: value`. */
export function abridged({ type, data }: ServerSentEvent): string {
  const name = type === 'message' ? [] : [`**${type}**`]
  if (!data.startsWith('{')) return [...name, `\`${data}\``].join('<br>')
  const leaves = leavesOf(JSON.parse(data), [])
    .filter(({ path }) => !SAID.has(path.join('.')))
    .map(({ path, value }) => `\`${path.join('.')}: ${shortened(value)}\``)
  return [...name, ...leaves].join('<br>') || '`{}`'
}

interface Leaf {
  readonly path: readonly string[]
  readonly value: string
}

function leavesOf(value: unknown, path: readonly string[]): Leaf[] {
  if (value === null || LEFT_OUT.has(path.at(-1) ?? '')) return []
  if (path.at(-1) === 'usage') return [{ path, value: JSON.stringify(value, onlyCounts) }]
  if (typeof value !== 'object') return [{ path, value: JSON.stringify(value) }]
  const members = Object.entries(value)
  if (members.length === 0)
    return path.length > 0 && path.at(-1) !== 'delta' ? [{ path, value: Array.isArray(value) ? '[]' : '{}' }] : []
  return members.flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
}

/** The numbers themselves, without the details of what they consist of. */
function onlyCounts(key: string, value: unknown): unknown {
  return key.endsWith('_details') ? undefined : value
}

function shortened(value: string): string {
  const text = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
  return text.replaceAll('|', '\\|')
}
