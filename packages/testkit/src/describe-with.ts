import { describe, test } from 'vitest'
import { findTool, installHint, TOOL_NAMES, type Tool, type ToolName } from './peers.ts'

/**
 * Like describe(), for tests that need programs from outside npm.
 * Absent: one skipped test that names the program and how to install it, listed again at the end of the run.
 * Absent although REQUIRE_PEERS is "all" or names it (comma-separated): that test fails.
 */
export function describeWith(names: readonly ToolName[], title: string, body: (tools: Tool[]) => void): void {
  const tools = names.map((name) => findTool(name))
  const missing = names.filter((_, i) => tools[i] === undefined)
  if (missing.length === 0) {
    describe(title, () => body(tools as Tool[]))
    return
  }
  const reason = `needs ${missing.map((name) => `${name} (${installHint(name)})`).join(' and ')}`
  test(title, ({ skip }) => {
    if (isRequired(missing)) throw new Error(`REQUIRE_PEERS=${process.env['REQUIRE_PEERS']}: ${reason}`)
    skip(reason)
  })
}

function isRequired(missing: readonly ToolName[]): boolean {
  const required = requiredPeers(process.env['REQUIRE_PEERS'])
  return required.includes('all') || missing.some((name) => required.includes(name))
}

/** The names in REQUIRE_PEERS. @throws Error for a name that is none of ours: a typo would require nothing. */
export function requiredPeers(list: string = ''): string[] {
  const names = list.split(',').flatMap((name) => name.trim() || [])
  for (const name of names) {
    if (name !== 'all' && !TOOL_NAMES.includes(name as ToolName)) {
      throw new Error(`REQUIRE_PEERS names ${name}; there are all, ${TOOL_NAMES.join(', ')}`)
    }
  }
  return names
}
