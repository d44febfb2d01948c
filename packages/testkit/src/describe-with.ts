import { describe, test } from 'vitest'
import { findTool, installHint, type Tool, type ToolName } from './peers.ts'

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
  const required = (process.env['REQUIRE_PEERS'] ?? '').split(',').map((name) => name.trim())
  return required.includes('all') || missing.some((name) => required.includes(name))
}
