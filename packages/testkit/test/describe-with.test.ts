import { requiredPeers } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

test('the names in REQUIRE_PEERS are separated by commas, and spaces do not matter', () => {
  expect(requiredPeers('nginx, curl,')).toEqual(['nginx', 'curl'])
  expect(requiredPeers('all')).toEqual(['all'])
  expect(requiredPeers('')).toEqual([])
})

test('a name in REQUIRE_PEERS that is no peer of ours is an error, not a requirement of nothing', () => {
  expect(() => requiredPeers('ngnix')).toThrow('REQUIRE_PEERS names ngnix; there are all, ')
})
