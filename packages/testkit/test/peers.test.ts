import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { installCommand } from '../src/peers.mjs'
import { findTool, installHint, TOOL_NAMES, toolVersion } from '../src/peers.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('finding a program', () => {
  test('PEER_<NAME>=none hides a program that may well be there', () => {
    vi.stubEnv('PEER_CURL', 'none')
    expect(findTool('curl')).toBeUndefined()
  })

  test('PEER_<NAME>=path is taken instead of what the search would find', () => {
    vi.stubEnv('PEER_CURL', process.execPath)
    expect(findTool('curl')).toEqual({ name: 'curl', path: process.execPath })
  })

  test('a path that is no program is not found', () => {
    vi.stubEnv('PEER_CURL', import.meta.filename.replace('.ts', '.absent'))
    expect(findTool('curl')).toBeUndefined()
  })

  test('an empty PATH finds nothing but what is in the system folders', () => {
    vi.stubEnv('PATH', '')
    const tool = findTool('tmux')
    if (tool !== undefined) expect(tool.path).toMatch(/sbin|homebrew/)
  })

  test('every program has an install command for the systems that have packages', () => {
    for (const name of TOOL_NAMES) {
      expect(installCommand(name, 'linux')).toMatch(/^apt-get install [a-z0-9-]+$/)
      expect(installCommand(name, 'darwin')).toMatch(/^brew install [a-z- ]+$/)
      expect(installHint(name)).not.toBe('')
    }
  })

  test.each(TOOL_NAMES.map((name) => ({ name, tool: findTool(name) })).filter(({ tool }) => tool !== undefined))(
    '$name says its version',
    ({ name, tool }) => {
      expect(tool).toBeDefined()
      if (tool === undefined || (process.platform === 'win32' && name === 'chromium')) return
      expect(toolVersion(tool)).toMatch(/^\d+(\.\d+)+[a-z]?$/)
    },
  )

  test('the search runs in plain Node, before anything is installed', () => {
    const url = new URL('../src/peers.mjs', import.meta.url).href
    const node = spawnSync(process.execPath, ['-e', `import('${url}').then((m) => m.findPeer('curl'))`])
    expect(node.stderr.toString()).toBe('')
    expect(node.status).toBe(0)
  })
})
